using System.Net;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Addresses;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry.Services;

/// <summary>Gives Services their families, addresses and node ports, within the write that stores them (service/storage/alloc.go).</summary>
/// <param name="networks">The cluster's Service networks, one a family, the default first.</param>
/// <param name="firstNodePort">The first node port.</param>
/// <param name="lastNodePort">The last.</param>
internal sealed class ServiceAllocator(IReadOnlyList<IPNetwork> networks, int firstNodePort, int lastNodePort)
{
    private readonly Dictionary<string, ServiceRange> _ranges = networks.Select(n => new ServiceRange(n)).ToDictionary(r => r.Family);
    private readonly IReadOnlyList<string> _families = [.. networks.Select(n => new ServiceRange(n).Family)];

    public void Create(WriteSession session, WriteRequest request, JsonObject service)
    {
        var (spec, errors) = (service.Child("spec"), new FieldErrors());
        Settle(request, service, errors, null);
        var claims = new ServiceClaims(session.State);
        if (TakesAddresses(spec))
        {
            Addresses(errors, spec, claims, 0);
        }

        Refuse(request, service, errors);
        new NodePortAllocation(claims, errors, firstNodePort, lastNodePort).Create(spec);
        Refuse(request, service, errors);
    }

    public void Update(WriteSession session, WriteRequest request, JsonObject service, JsonObject stored)
    {
        var (spec, old, errors) = (service.Child("spec"), stored.Child("spec"), new FieldErrors());
        Settle(request, service, errors, old);
        var claims = new ServiceClaims(session.State);
        if (!ServiceFamilies.PrefersAsBefore(spec, old) && TakesAddresses(spec))
        {
            if (old.Text("type") == "ExternalName")
            {
                Addresses(errors, spec, claims, 0);
            }
            else if (old.Text("clusterIP") != "None" && old.List("ipFamilies").Count == 1 && spec.List("ipFamilies").Count == 2)
            {
                Addresses(errors, spec, claims, 1);
            }
        }

        Refuse(request, service, errors);
        new NodePortAllocation(claims, errors, firstNodePort, lastNodePort).Update(spec, old);
        Refuse(request, service, errors);
    }

    private void Settle(WriteRequest request, JsonObject service, FieldErrors errors, JsonObject? old)
    {
        ServiceFamilies.Settle(errors, service.Child("spec"), old, _families);
        Refuse(request, service, errors);
    }

    private static bool TakesAddresses(JsonObject spec) => spec.Text("type") != "ExternalName" && spec.Texts("clusterIPs").FirstOrDefault() != "None";

    private void Addresses(FieldErrors errors, JsonObject spec, ServiceClaims claims, int from)
    {
        var families = spec.Texts("ipFamilies").ToList();
        var ips = spec.Texts("clusterIPs").ToList();
        for (var i = from; i < families.Count && !errors.Any; i++)
        {
            var range = _ranges[families[i]];
            if (i >= ips.Count)
            {
                ips.Add((range.Free(claims.Holds) ?? throw new ApiStatusException(500, "InternalError", "Internal error occurred: failed to allocate a serviceIP: range is full")).ToString());
            }
            else if (Complaint(range, claims, ips[i]) is { } why)
            {
                errors.Invalid("spec.clusterIPs", Go.Slice("string", ips), $"failed to allocate IP {ips[i]}: {why}");
            }
        }

        spec["clusterIPs"] = new JsonArray([.. ips.Select(ip => (JsonNode)ip)]);
        if (ips.Count > 0)
        {
            spec["clusterIP"] = ips[0];
        }
    }

    private static string? Complaint(ServiceRange range, ServiceClaims claims, string wanted)
    {
        var address = AddressRules.Parse(wanted) ?? IPAddress.None;
        if (!range.Contains(address))
        {
            return $"the provided IP ({address}) is not in the valid range. The range of valid IPs is {range.Network}";
        }

        return claims.Holds(address) ? "provided IP is already allocated" : null;
    }

    private static void Refuse(WriteRequest request, JsonObject service, FieldErrors errors)
    {
        if (errors.Any)
        {
            throw StatusErrors.Invalid(request.Kind, service.Name(), errors.Items);
        }
    }
}
