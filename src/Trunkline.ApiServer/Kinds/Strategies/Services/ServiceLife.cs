using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Kinds.Strategies.Services;

/// <summary>What becomes of clusterIP, its list, node ports and traffic policies when a Service is written (core/service/storage and strategy).</summary>
internal static class ServiceLife
{
    public static void Create(JsonObject service)
    {
        var spec = service.Child("spec");
        if (spec.Text("clusterIP") is { Length: > 0 } ip && spec.List("clusterIPs").Count == 0)
        {
            spec["clusterIPs"] = new JsonArray(ip);
        }
    }

    public static void Update(JsonObject service, JsonObject old)
    {
        var (spec, before) = (service.Child("spec"), old.Obj("spec"));
        Agree(spec, before);
        KeepAllocated(spec, before);
        DropWhatTheTypeLacks(spec, before);
    }

    private static bool NeedsClusterIp(JsonObject? spec) => spec.Text("type") is "ClusterIP" or "NodePort" or "LoadBalancer";

    private static bool NeedsNodePort(JsonObject? spec) =>
        spec.Text("type") == "NodePort" || (spec.Text("type") == "LoadBalancer" && spec.Flag("allocateLoadBalancerNodePorts") != false);

    private static bool NeedsHealthPort(JsonObject? spec) => spec.Text("type") == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    // A client that knows only one of clusterIP and clusterIPs changes only that one; the other follows.
    private static void Agree(JsonObject spec, JsonObject? old)
    {
        var sameList = NodeReader.Same(spec["clusterIPs"], old?["clusterIPs"]);
        var sameIp = spec.Text("clusterIP") == old.Text("clusterIP");
        if (!sameIp && sameList)
        {
            spec.Remove("clusterIPs");
            if (spec.Text("clusterIP") is { Length: > 0 } ip)
            {
                spec["clusterIPs"] = new JsonArray(ip);
            }
        }
        else if (sameIp && !sameList && spec.List("clusterIPs").Count == 0 && spec.Text("clusterIP").Length > 0)
        {
            spec.Remove("clusterIP");
        }
    }

    // An update that leaves out what was given keeps it.
    private static void KeepAllocated(JsonObject spec, JsonObject? old)
    {
        if (NeedsClusterIp(old) && NeedsClusterIp(spec))
        {
            if (spec.Text("clusterIP").Length == 0)
            {
                Copy(spec, old, "clusterIP");
            }

            if (spec.List("clusterIPs").Count == 0 && spec.Text("clusterIP") == old.Text("clusterIP"))
            {
                Copy(spec, old, "clusterIPs");
            }

            foreach (var field in (string[])["ipFamilies", "ipFamilyPolicy"])
            {
                if (!spec.Has(field))
                {
                    Copy(spec, old, field);
                }
            }
        }

        if (NeedsNodePort(old) && NeedsNodePort(spec))
        {
            KeepNodePorts(spec, old);
        }

        if (NeedsHealthPort(old) && NeedsHealthPort(spec) && (spec.Int("healthCheckNodePort") ?? 0) == 0)
        {
            Copy(spec, old, "healthCheckNodePort");
        }
    }

    private static void KeepNodePorts(JsonObject spec, JsonObject? old)
    {
        var given = old.Objects("ports").Where(p => p.Int("nodePort") is > 0)
            .GroupBy(p => (p.Int("port"), p.Text("protocol"))).ToDictionary(g => g.Key, g => g.First()["nodePort"]!);
        var used = spec.Objects("ports").Select(p => (p.Text("protocol"), p.Int("nodePort"))).ToHashSet();
        foreach (var port in spec.Objects("ports").Where(p => (p.Int("nodePort") ?? 0) == 0))
        {
            var key = (port.Int("port"), port.Text("protocol"));
            if (given.TryGetValue(key, out var number) && used.Add((port.Text("protocol"), NodeReader.AsInt(number))))
            {
                port["nodePort"] = number.DeepClone();
            }
        }
    }

    private static void DropWhatTheTypeLacks(JsonObject spec, JsonObject? old)
    {
        if (NeedsClusterIp(old) && !NeedsClusterIp(spec))
        {
            DropUnchanged(spec, old, "clusterIP", "clusterIPs");
            DropUnchanged(spec, old, "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
        }

        if (NeedsNodePort(old) && !NeedsNodePort(spec))
        {
            var before = old.Objects("ports").Select(p => p.Int("nodePort")).ToHashSet();
            foreach (var port in spec.Objects("ports").Where(p => before.Contains(p.Int("nodePort"))))
            {
                port.Remove("nodePort");
            }
        }

        if (old.Text("type") is "NodePort" or "LoadBalancer" && spec.Text("type") is not ("NodePort" or "LoadBalancer"))
        {
            DropUnchanged(spec, old, "externalTrafficPolicy");
        }

        if (NeedsHealthPort(old) && !NeedsHealthPort(spec))
        {
            DropUnchanged(spec, old, "healthCheckNodePort");
        }

        if (old.Text("type") == "LoadBalancer" && spec.Text("type") != "LoadBalancer")
        {
            DropUnchanged(spec, old, "allocateLoadBalancerNodePorts");
            DropUnchanged(spec, old, "loadBalancerClass");
        }
    }

    private static void DropUnchanged(JsonObject spec, JsonObject? old, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (NodeReader.Same(spec[field], old?[field]))
            {
                spec.Remove(field);
            }
        }
    }

    private static void Copy(JsonObject spec, JsonObject? old, string field)
    {
        spec.Remove(field);
        if (old?[field] is { } value)
        {
            spec[field] = value.DeepClone();
        }
    }
}
