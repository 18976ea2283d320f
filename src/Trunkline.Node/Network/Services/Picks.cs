using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Trunkline.Node.Network.Nft;

namespace Trunkline.Node.Network.Services;

/// <summary>
/// Ways to pick one of a frontend's endpoints, each a chain that every frontend with as many endpoints shares: the number picked goes into the packet's mark and, with
/// the frontend's key, finds the endpoint in one map. numgen's and jhash's modulus is a constant of its rule, hence a chain for each number of endpoints in use. Pure.
/// </summary>
internal sealed class Picks(RulesPart part, ServiceFamily family, ServicePort service)
{
    /// <summary>Endpoints of this node stand behind those of the whole cluster, for frontends that need both.</summary>
    public const int LocalOffset = 65536;

    /// <summary>How many clients' affinity the kernel remembers for one port of a Service; the limit holds what a flood of clients can take.</summary>
    private const int RememberedClients = 262_144;
    private const uint HereBit = 0x40000000;

    /// <summary>Seed of the ports' hash: any, and the same on every node.</summary>
    private const int Seed = 0x5443;
    private readonly string _translate = $"dnat {family.Word} to {family.Key} . meta mark map @{family.Named("endpoints")}";

    /// <summary>Adds the chain and the frontend's elements, and says the chain's name.</summary>
    public string Add(Frontend frontend, IReadOnlyList<Endpoint> endpoints, bool local)
    {
        // Also with sessionAffinity: the ports say more of an association than its client's address, of which a multihomed one has several.
        if (service.HashesPorts)
        {
            var table = PortHashTable.Of(endpoints);
            AddIndexed(frontend, table, local);
            return Chain($"ports{Where(local)}", [$"meta mark set jhash th sport . th dport mod {table.Length} seed {Seed}{Offset(local)} {_translate}"]);
        }

        AddIndexed(frontend, endpoints, local);
        var pick = $"meta mark set numgen random mod {endpoints.Count}{Offset(local)}";
        return service.Affinity is { } affinity
            ? AddSticky(frontend, endpoints, local, pick, affinity)
            : Chain($"spread{Where(local)}_{endpoints.Count}", [$"{pick} {_translate}"]);
    }

    // The kernel remembers for each client of the Service's port an endpoint's own number, which stays the same whatever other endpoints do. Where it is not among those
    // that this frontend has in this scope, the first rule ends before it translates, and another is picked and remembered. A memory that is full costs the affinity, not
    // the flow. Endpoints of this node stand under their numbers with one bit more, so that policy Local never leads to an endpoint remembered elsewhere.
    private string AddSticky(Frontend frontend, IReadOnlyList<Endpoint> endpoints, bool local, string pick, SessionAffinity affinity)
    {
        for (var index = 0; index < endpoints.Count; index++)
        {
            var number = NumberOf(endpoints[index]);
            part.Add(family.Named("sticky_numbers"), string.Create(CultureInfo.InvariantCulture, $"{frontend.Key} . {index + (local ? LocalOffset : 0)}"), Text(number));
            part.Add(family.Named("endpoints"), $"{frontend.Key} . {Text(local ? number | HereBit : number)}", endpoints[index].Element);
        }

        var (memory, name) = AddMemory(affinity);
        var client = $"{family.Word} saddr";
        var remembered = $"@{memory} {{ {client} timeout {affinity.Seconds}s : meta mark }}";
        var translate = local ? $"meta mark set meta mark or {HereBit} {_translate}" : _translate;
        return Chain($"sticky{Where(local)}_{endpoints.Count}_{affinity.Seconds}_{name}",
        [
            $"meta mark set {client} map @{memory} update {remembered} {translate}",
            pick,
            $"meta mark set {family.Key} . meta mark map @{family.Named("sticky_numbers")}",
            $"delete @{memory} {{ {client} : meta mark }}",
            $"add {remembered}",
            translate,
        ]);
    }

    // One memory a port of a Service, as kube-proxy has: a client meets the same endpoint at all addresses of the port, and a flood of forged clients at one Service costs
    // no other its memory.
    private (string Memory, string Name) AddMemory(SessionAffinity affinity)
    {
        var name = $"{StableHash.Of(Encoding.UTF8.GetBytes(affinity.Name)):x16}";
        var memory = new NftSet($"{family.Named("affinity")}_{name}", $"typeof {family.Word} saddr : meta mark; size {RememberedClients}; flags dynamic,timeout; timeout 3h;")
        {
            IsMap = true,
            IsKernels = true,
        };
        part.Add(memory);
        return (memory.Name, name);
    }

    private void AddIndexed(Frontend frontend, IReadOnlyList<Endpoint> endpoints, bool local)
    {
        var key = frontend.Key;
        var set = family.Named("endpoints");
        for (var index = 0; index < endpoints.Count; index++)
        {
            part.Add(set, string.Create(CultureInfo.InvariantCulture, $"{key} . {index + (local ? LocalOffset : 0)}"), endpoints[index].Element);
        }
    }

    private string Chain(string name, IReadOnlyList<string> rules)
    {
        var full = family.Named(name);
        part.Add(new NftChain(full, null, rules));
        return full;
    }

    private static string Where(bool local) => local ? "_here" : "";

    private static string Offset(bool local) => local ? $" offset {LocalOffset}" : "";

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    // Above every index, and without the bit of this node's endpoints.
    private static uint NumberOf(Endpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[20];
        _ = endpoint.Address.TryWriteBytes(bytes, out var length);
        BinaryPrimitives.WriteInt32BigEndian(bytes[length..], endpoint.Port);
        return ((uint)StableHash.Of(bytes[..(length + 4)]) & ~HereBit) | 0x80000000;
    }
}
