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
        KeepAllocated(spec, before);
        Agree(spec, before);
        DropWhatTheTypeLacks(spec, before);
    }

    private static bool NeedsClusterIp(JsonObject? spec) => spec.Text("type") is "ClusterIP" or "NodePort" or "LoadBalancer";

    private static bool NeedsNodePort(JsonObject? spec) =>
        spec.Text("type") == "NodePort" || (spec.Text("type") == "LoadBalancer" && spec.Flag("allocateLoadBalancerNodePorts") != false);

    private static bool NeedsHealthPort(JsonObject? spec) => spec.Text("type") == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    // A client that knows only one of clusterIP and clusterIPs changes only that one; the other follows (NormalizeClusterIPs).
    private static void Agree(JsonObject spec, JsonObject? old)
    {
        if (spec.Text("clusterIP") == old.Text("clusterIP") || !NodeReader.Same(spec["clusterIPs"], old?["clusterIPs"]))
        {
            return;
        }

        spec.Remove("clusterIPs");
        if (spec.Text("clusterIP") is { Length: > 0 } ip)
        {
            spec["clusterIPs"] = new JsonArray(ip);
        }
    }

    // An update that leaves out what was given keeps it (patchAllocatedValues).
    private static void KeepAllocated(JsonObject spec, JsonObject? old)
    {
        if (NeedsClusterIp(old) && NeedsClusterIp(spec))
        {
            if (spec.Text("clusterIP").Length == 0)
            {
                Copy(spec, old, "clusterIP");
            }

            if (spec.List("clusterIPs").Count == 0)
            {
                Copy(spec, old, "clusterIPs");
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

    // By name: a port may have changed in all else.
    private static void KeepNodePorts(JsonObject spec, JsonObject? old)
    {
        var given = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var port in old.Objects("ports"))
        {
            given[port.Text("name")] = port["nodePort"];
        }

        var used = NodePorts(spec).Intersect(NodePorts(old)).ToHashSet();
        foreach (var port in spec.Objects("ports").Where(p => (p.Int("nodePort") ?? 0) == 0))
        {
            if (given.GetValueOrDefault(port.Text("name")) is { } number && !used.Contains(NodeReader.AsInt(number) ?? 0))
            {
                port["nodePort"] = number.DeepClone();
            }
        }
    }

    private static IEnumerable<long> NodePorts(JsonObject? spec) => spec.Objects("ports").Select(p => p.Int("nodePort") ?? 0).Where(p => p > 0);

    private static void DropWhatTheTypeLacks(JsonObject spec, JsonObject? old)
    {
        if (NeedsClusterIp(old) && !NeedsClusterIp(spec))
        {
            DropUnchanged(spec, old, "clusterIP", "clusterIPs");
            DropUnchanged(spec, old, "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
        }

        if (NeedsNodePort(old) && !NeedsNodePort(spec))
        {
            // Only if none is new: a port that somebody asks for just now is refused by validation, not forgotten.
            var before = NodePorts(old).ToHashSet();
            foreach (var port in NodePorts(spec).All(before.Contains) ? spec.Objects("ports") : [])
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
