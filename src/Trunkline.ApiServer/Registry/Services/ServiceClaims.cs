using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry.Services;

/// <summary>What stored Services hold. Read from themselves, so that no second book has to agree with them; each version is read once.</summary>
internal sealed class ServiceClaims
{
    private static readonly ConditionalWeakTable<StoredObject, ServiceClaims> s_read = [];

    private readonly HashSet<IPAddress> _addresses = [];
    private readonly HashSet<long> _ports = [];

    /// <summary>What all Services hold, but for one that is written anew.</summary>
    public static ServiceClaims Of(WriteSession session, ObjectKey? but)
    {
        var all = new ServiceClaims();
        foreach (var stored in session.State.List("services", null).Where(s => s.Key != but))
        {
            var one = s_read.GetValue(stored, Read);
            all._addresses.UnionWith(one._addresses);
            all._ports.UnionWith(one._ports);
        }

        return all;
    }

    public bool Holds(IPAddress address) => _addresses.Contains(address);

    public bool Holds(long port) => _ports.Contains(port);

    /// <summary>False where somebody has it.</summary>
    public bool Take(long port) => _ports.Add(port);

    private static ServiceClaims Read(StoredObject stored)
    {
        var claims = new ServiceClaims();
        var spec = stored.Parse().Obj("spec");
        claims._addresses.UnionWith(spec.Texts("clusterIPs").Select(text => IPAddress.TryParse(text, out var ip) ? ip : null).OfType<IPAddress>());
        claims._ports.UnionWith(NodePorts(spec).Append(spec.Int("healthCheckNodePort") ?? 0).Where(port => port > 0));
        return claims;
    }

    public static IEnumerable<long> NodePorts(JsonObject? spec) => spec.Objects("ports").Select(port => port.Int("nodePort") ?? 0).Where(port => port > 0);
}
