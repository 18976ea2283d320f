using System.Collections.Concurrent;
using System.Net;
using Trunkline.Node.Network.Services;
using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Sctp;

/// <summary>Whose an address and SCTP port is. Where several Services claim one, the answer is whose traffic it is: as in the rules, by kind, then by namespace and name.</summary>
internal sealed class SctpIndex
{
    private readonly ConcurrentDictionary<(IPAddress Address, int Port), Claim[]> _frontends = new();

    private readonly record struct Claim(FrontendKind Kind, ServiceRecord Service)
    {
        public string Name => $"{Service.Namespace}/{Service.Name}";
    }

    public ServiceRecord? ByFrontend(IPAddress address, int port) => _frontends.TryGetValue((address, port), out var claims) ? claims[0].Service : null;

    /// <summary>By one thread at a time; others may ask meanwhile.</summary>
    public void Apply(ServedChange change)
    {
        foreach (var (frontend, service) in Sctp(change.Before))
        {
            Put(frontend, others => others.Where(claim => claim.Name != new Claim(frontend.Kind, service).Name));
        }

        foreach (var (frontend, service) in Sctp(change.After))
        {
            Put(frontend, others => others.Append(new Claim(frontend.Kind, service)));
        }
    }

    private static IEnumerable<(Frontend, ServiceRecord)> Sctp(ServedThing? thing) => thing?.Service is { } service
        ? thing.Frontends.Where(frontend => frontend.Protocol == TransportProtocol.Sctp).Select(frontend => (frontend, service))
        : [];

    private void Put(Frontend frontend, Func<IEnumerable<Claim>, IEnumerable<Claim>> change)
    {
        var key = (frontend.Address, frontend.Port);
        Claim[] claims = [.. change(_frontends.GetValueOrDefault(key) ?? []).OrderBy(claim => claim.Kind).ThenBy(claim => claim.Name, StringComparer.Ordinal)];
        if (claims.Length == 0)
        {
            _frontends.TryRemove(key, out _);
        }
        else
        {
            _frontends[key] = claims;
        }
    }
}
