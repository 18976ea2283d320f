using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>
/// Gives Services their addresses and node ports, within the write that stores them: what is taken is read from the stored Services themselves, so that no
/// second book has to agree with them.
/// </summary>
public sealed class ServiceAllocator(IPNetwork network, int firstNodePort, int lastNodePort)
{
    private readonly uint _base = ToNumber(network.BaseAddress);
    private readonly uint _size = 1u << (32 - network.PrefixLength);

    internal void Allocate(WriteSession session, WriteRequest request, JsonObject service)
    {
        var spec = (JsonObject)service["spec"]!;
        var key = request.Key(service.Name());
        var others = session.State.List("services", null).Where(s => s.Key != key).Select(s => s.Parse()).ToList();
        var type = (string?)spec["type"] ?? "ClusterIP";
        if (type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            Address(request, service, spec, others);
        }

        if (type is "NodePort" || (type is "LoadBalancer" && (bool?)spec["allocateLoadBalancerNodePorts"] != false))
        {
            Ports(request, service, spec, others);
        }
    }

    private void Address(WriteRequest request, JsonObject service, JsonObject spec, List<JsonObject> others)
    {
        CheckFamilies(request, service, spec);
        spec["ipFamilies"] ??= new JsonArray("IPv4");
        spec["ipFamilyPolicy"] ??= "SingleStack";
        if (ObjectMetadata.Text(spec["clusterIP"]) == "None")
        {
            return;
        }

        var taken = others.SelectMany(o => o["spec"]?["clusterIPs"] is JsonArray ips ? ips.Select(ObjectMetadata.Text) : []).ToHashSet(StringComparer.Ordinal);
        var wanted = ObjectMetadata.Text(spec["clusterIP"]);
        if (wanted.Length == 0)
        {
            wanted = Free(taken) ?? throw Refused(request, service, "spec.clusterIPs", "[]string{\"\"}", "failed to allocate a serviceIP: range is full");
        }
        else
        {
            CheckAddress(request, service, wanted, taken);
        }

        spec["clusterIP"] = wanted;
        spec["clusterIPs"] = new JsonArray(wanted);
    }

    private void CheckAddress(WriteRequest request, JsonObject service, string wanted, HashSet<string> taken)
    {
        var written = $"[]string{{\"{wanted}\"}}";
        if (!IPAddress.TryParse(wanted, out var address) || address.AddressFamily != AddressFamily.InterNetwork || !network.Contains(address)
            || ToNumber(address) == _base || ToNumber(address) == _base + _size - 1)
        {
            throw Refused(
                request, service, "spec.clusterIPs", written,
                $"failed to allocate IP {wanted}: the provided IP ({wanted}) is not in the valid range. The range of valid IPs is {network}");
        }

        if (taken.Contains(wanted))
        {
            throw Refused(request, service, "spec.clusterIPs", written, $"failed to allocate IP {wanted}: provided IP is already allocated");
        }
    }

    // One family: that of the Service network (service/storage/alloc.go, initIPFamilyFields).
    private static void CheckFamilies(WriteRequest request, JsonObject service, JsonObject spec)
    {
        var families = (spec["ipFamilies"] as JsonArray ?? []).Select(ObjectMetadata.Text).ToList();
        if (families.IndexOf("IPv6") is >= 0 and var at)
        {
            throw Refused(request, service, $"spec.ipFamilies[{at}]", "\"IPv6\"", "not configured on this cluster");
        }

        if (ObjectMetadata.Text(spec["ipFamilyPolicy"]) == "RequireDualStack")
        {
            throw Refused(request, service, "spec.ipFamilyPolicy", "\"RequireDualStack\"", "this cluster is not configured for dual-stack services");
        }
    }

    // The upper part of the range, as the real allocator, so that addresses chosen by hand in the lower part stay free.
    private string? Free(HashSet<string> taken)
    {
        var reserved = Math.Min(Math.Max(_size / 16, 16), 256);
        foreach (var (low, high) in new[] { (reserved, _size - 1), (1u, reserved) })
        {
            var span = high - low;
            var start = (uint)RandomNumberGenerator.GetInt32((int)span);
            for (uint i = 0; i < span; i++)
            {
                var candidate = FromNumber(_base + low + ((start + i) % span));
                if (!taken.Contains(candidate))
                {
                    return candidate;
                }
            }
        }

        return null;
    }

    private void Ports(WriteRequest request, JsonObject service, JsonObject spec, List<JsonObject> others)
    {
        var taken = others.SelectMany(NodePorts).ToHashSet();
        var own = new HashSet<(int Port, string Protocol)>();
        var ports = (spec["ports"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        for (var i = 0; i < ports.Count; i++)
        {
            if ((int?)ports[i]["nodePort"] is not { } wanted || wanted == 0)
            {
                continue;
            }

            var protocol = ObjectMetadata.Text(ports[i]["protocol"]);
            if (wanted < firstNodePort || wanted > lastNodePort)
            {
                throw Refused(
                    request, service, $"spec.ports[{i}].nodePort", wanted.ToString(CultureInfo.InvariantCulture),
                    $"provided port is not in the valid range. The range of valid ports is {firstNodePort}-{lastNodePort}");
            }

            // One number may serve several protocols of one Service, but belongs to one Service.
            if (taken.Contains(wanted) || !own.Add((wanted, protocol)))
            {
                throw Refused(request, service, $"spec.ports[{i}].nodePort", wanted.ToString(CultureInfo.InvariantCulture), "provided port is already allocated");
            }
        }

        taken.UnionWith(own.Select(o => o.Port));
        foreach (var port in ports.Where(p => ((int?)p["nodePort"] ?? 0) == 0))
        {
            port["nodePort"] = FreePort(request, service, taken);
        }

        if ((string?)spec["type"] == "LoadBalancer" && (string?)spec["externalTrafficPolicy"] == "Local" && ((int?)spec["healthCheckNodePort"] ?? 0) == 0)
        {
            spec["healthCheckNodePort"] = FreePort(request, service, taken);
        }
    }

    private int FreePort(WriteRequest request, JsonObject service, HashSet<int> taken)
    {
        var span = lastNodePort - firstNodePort + 1;
        var start = RandomNumberGenerator.GetInt32(span);
        for (var i = 0; i < span; i++)
        {
            var candidate = firstNodePort + ((start + i) % span);
            if (taken.Add(candidate))
            {
                return candidate;
            }
        }

        throw Refused(request, service, "spec.ports[0].nodePort", "0", "failed to allocate a nodePort: range is full");
    }

    private static IEnumerable<int> NodePorts(JsonObject service) =>
        (service["spec"]?["ports"] as JsonArray ?? []).Select(p => (int?)p?["nodePort"] ?? 0).Append((int?)service["spec"]?["healthCheckNodePort"] ?? 0).Where(p => p > 0);

    private static ApiStatusException Refused(WriteRequest request, JsonObject service, string field, string value, string why) =>
        StatusErrors.Invalid(request.Kind, service.Name(), [new FieldError("FieldValueInvalid", $"Invalid value: {value}: {why}", field)]);

    private static uint ToNumber(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static string FromNumber(uint number) => new IPAddress(BitConverter.GetBytes(BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(number) : number)).ToString();
}
