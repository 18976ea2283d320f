using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>Probes and lifecycle hooks.</summary>
internal static class ProbeRules
{
    private static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
    private static readonly string[] Numbers = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

    public static void Lifecycle(this FieldErrors errors, string path, JsonObject container)
    {
        foreach (var hook in (string[])["postStart", "preStop"])
        {
            if (container.Obj("lifecycle").Obj(hook) is { } handler)
            {
                Handler(errors, $"{path}.lifecycle.{hook}", handler);
            }
        }

        foreach (var name in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Obj(name) is { } probe)
            {
                Probe(errors, $"{path}.{name}", probe, name != "readinessProbe");
            }
        }
    }

    private static void Probe(FieldErrors errors, string path, JsonObject probe, bool oneSuccess)
    {
        Handler(errors, path, probe);
        foreach (var number in Numbers)
        {
            errors.NonNegative($"{path}.{number}", probe.Int(number));
        }

        if (probe.Int("terminationGracePeriodSeconds") is <= 0)
        {
            errors.Invalid(path + ".terminationGracePeriodSeconds", probe.Int("terminationGracePeriodSeconds"), "must be greater than 0");
        }

        if (oneSuccess && probe.Int("successThreshold") is { } successes and not 1)
        {
            errors.Invalid(path + ".successThreshold", successes, "must be 1");
        }
    }

    private static void Handler(FieldErrors errors, string path, JsonObject handler)
    {
        var given = Handlers.Where(h => handler.Has(h)).ToList();
        if (given.Count == 0)
        {
            errors.Required(path, "must specify a handler type");
        }

        for (var i = 0; i < given.Count; i++)
        {
            if (i > 0)
            {
                errors.Forbidden($"{path}.{given[i]}", "may not specify more than 1 handler type");
                continue;
            }

            One(errors, $"{path}.{given[i]}", given[i], handler.Obj(given[i])!);
        }
    }

    private static void One(FieldErrors errors, string path, string type, JsonObject action)
    {
        if (type == "exec" && action.List("command").Count == 0)
        {
            errors.Required(path + ".command");
        }

        if (type == "httpGet" && action.Text("path").Length == 0)
        {
            errors.Required(path + ".path");
        }

        if (type is "httpGet" or "tcpSocket")
        {
            errors.NumberOrName(path + ".port", action["port"]);
        }

        if (type == "httpGet" && action.Text("scheme") is not ("HTTP" or "HTTPS"))
        {
            errors.NotSupported(path + ".scheme", action.Text("scheme"), "HTTP", "HTTPS");
        }

        if (type == "grpc")
        {
            errors.Invalid(path + ".port", action.Int("port") ?? 0, PortRules.Number(action.Int("port") ?? 0));
        }
    }
}
