using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry.Services;

/// <summary>Node ports and health check ports of one Service that is written (service/storage/alloc.go; registry/core/service/portallocator).</summary>
internal sealed class NodePortAllocation(ServiceClaims claims, FieldErrors errors, int first, int last)
{
    public void Create(JsonObject spec)
    {
        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            NewPorts(spec, [.. spec.Objects("ports")]);
        }

        if (!errors.Any && NeedsHealthCheck(spec))
        {
            HealthCheck(spec);
        }
    }

    public void Update(JsonObject spec, JsonObject? old)
    {
        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            ChangedPorts(spec, ServiceClaims.NodePorts(old).ToHashSet());
        }

        if (errors.Any || !NeedsHealthCheck(spec))
        {
            return;
        }

        if (!NeedsHealthCheck(old))
        {
            HealthCheck(spec);
        }
        else if (spec.Int("healthCheckNodePort") != old.Int("healthCheckNodePort"))
        {
            errors.Invalid("spec.healthCheckNodePort", spec.Int("healthCheckNodePort") ?? 0, "field is immutable");
        }
    }

    private static bool NeedsHealthCheck(JsonObject? spec) => spec.Text("type") == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    private static bool Allocates(JsonObject spec) => spec.Text("type") == "NodePort" || spec.Flag("allocateLoadBalancerNodePorts") != false;

    // Ports of one number share a node port, whatever their protocols (initNodePorts).
    private void NewPorts(JsonObject spec, List<JsonObject> ports)
    {
        var given = new Dictionary<long, long>();
        for (var i = 0; i < ports.Count && !errors.Any; i++)
        {
            var (number, wanted) = (ports[i].Int("port") ?? 0, ports[i].Int("nodePort") ?? 0);
            if (wanted == 0 && !Allocates(spec))
            {
                continue;
            }

            if (!given.TryGetValue(number, out var node))
            {
                var asked = ports.Where(p => p.Int("port") == number).Select(p => p.Int("nodePort") ?? 0).FirstOrDefault(p => p > 0);
                node = given[number] = asked > 0 ? Take(i, asked) : Next("failed to allocate a nodePort");
                ports[i]["nodePort"] = node;
            }
            else if (wanted == 0)
            {
                ports[i]["nodePort"] = node;
            }
            else if (wanted != node)
            {
                Take(i, wanted);
            }
        }
    }

    private void ChangedPorts(JsonObject spec, HashSet<long> held)
    {
        var ports = spec.Objects("ports").ToList();
        var taken = new HashSet<long>();
        for (var i = 0; i < ports.Count && !errors.Any; i++)
        {
            var wanted = ports[i].Int("nodePort") ?? 0;
            if (wanted == 0 && Allocates(spec))
            {
                ports[i]["nodePort"] = Next("failed to allocate a nodePort");
            }
            else if (wanted != 0 && !held.Contains(wanted) && taken.Add(wanted))
            {
                Take(i, wanted);
            }
        }
    }

    private void HealthCheck(JsonObject spec)
    {
        if (spec.Int("healthCheckNodePort") is not { } wanted || wanted == 0)
        {
            spec["healthCheckNodePort"] = Next("failed to allocate a HealthCheck NodePort 0");
        }
        else if (Complaint(wanted) is { } why)
        {
            throw Internal($"failed to allocate requested HealthCheck NodePort {wanted}: {why}");
        }
    }

    private long Take(int index, long port)
    {
        if (Complaint(port) is { } why)
        {
            errors.Invalid($"spec.ports[{index}].nodePort", port, why);
        }

        return port;
    }

    private string? Complaint(long port)
    {
        if (port < first || port > last)
        {
            return string.Create(CultureInfo.InvariantCulture, $"provided port is not in the valid range. The range of valid ports is {first}-{last}");
        }

        return claims.Take(port) ? null : "provided port is already allocated";
    }

    // The lower part of the range is left to ports chosen by hand as long as possible (ServiceNodePortStaticSubrange).
    private long Next(string failure)
    {
        var reserved = Math.Min(Math.Min(Math.Max((last - first + 1) / 32, 16), 128), last - first + 1);
        foreach (var (low, high) in ((int, int)[])[(first + reserved, last), (first, first + reserved - 1)])
        {
            var span = high - low + 1;
            var start = span > 0 ? RandomNumberGenerator.GetInt32(span) : 0;
            for (var i = 0; i < span; i++)
            {
                var candidate = low + ((start + i) % span);
                if (claims.Take(candidate))
                {
                    return candidate;
                }
            }
        }

        throw Internal($"{failure}: range is full");
    }

    private static ApiStatusException Internal(string why) => new(500, "InternalError", $"Internal error occurred: {why}");
}
