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

    /// <summary>Seed of the ports' hash: any, and the same on every node.</summary>
    private const int Seed = 0x5443;
    private readonly string _translate = $"dnat {family.Word} to {family.Key} . meta mark map @{family.Named("endpoints")}";

    /// <summary>Adds the chain and the frontend's elements, and says the chain's name.</summary>
    public string Add(Frontend frontend, IReadOnlyList<Endpoint> endpoints, bool local)
    {
        if (service.HashesPorts)
        {
            var table = PortHashTable.Of(endpoints);
            AddIndexed(frontend, table, local);
            return Chain($"ports{Where(local)}", [$"meta mark set jhash th sport . th dport mod {table.Length} seed {Seed}{Offset(local)} {_translate}"]);
        }

        AddIndexed(frontend, endpoints, local);
        var pick = $"meta mark set numgen random mod {endpoints.Count}{Offset(local)}";
        return service.AffinitySeconds is { } seconds
            ? AddSticky(frontend, endpoints, local, pick, seconds)
            : Chain($"spread{Where(local)}_{endpoints.Count}", [$"{pick} {_translate}"]);
    }

    // The kernel remembers for each client and frontend an endpoint's own number, which stays the same whatever other endpoints do. Where it is no longer among the
    // frontend's, the first rule ends before it translates, and another is picked and remembered. A memory that is full costs the affinity, not the flow.
    private string AddSticky(Frontend frontend, IReadOnlyList<Endpoint> endpoints, bool local, string pick, int seconds)
    {
        for (var index = 0; index < endpoints.Count; index++)
        {
            var number = NumberOf(endpoints[index]);
            part.Add(family.Named("sticky_numbers"), $"{frontend.Key} . {index + (local ? LocalOffset : 0)}", number);
            part.Add(family.Named("endpoints"), $"{frontend.Key} . {number}", endpoints[index].Element);
        }

        var (memory, client, name) = AddMemory();
        var remembered = $"@{memory} {{ {client} timeout {seconds}s : meta mark }}";
        return Chain($"sticky{Where(local)}_{endpoints.Count}_{seconds}{name}",
        [
            $"meta mark set {client} map @{memory} update {remembered} {_translate}",
            pick,
            $"meta mark set {family.Key} . meta mark map @{family.Named("sticky_numbers")}",
            $"delete @{memory} {{ {client} : meta mark }}",
            $"add {remembered}",
            _translate,
        ]);
    }

    // nft 1.0 takes keys of 16 bytes at most in a rule that writes to a map: for IPv4 that is the client and the frontend, in one map of all Services; for IPv6 the client
    // alone, in a map of each affine port.
    private (string Memory, string Client, string Name) AddMemory()
    {
        if (family == ServiceFamily.V4)
        {
            return ("affinity", family.ClientKey, "");
        }

        var name = $"_{StableHash.Of(Encoding.UTF8.GetBytes(service.Name)):x16}";
        var memory = new NftSet(family.Named("affinity") + name, $"typeof {family.Word} saddr : meta mark; size {ServiceChains.RememberedClients}; flags dynamic,timeout; timeout 3h;")
        {
            IsMap = true,
            IsKernels = true,
        };
        part.Add(memory);
        return (memory.Name, $"{family.Word} saddr", name);
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

    // Above every index.
    private static string NumberOf(Endpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[20];
        _ = endpoint.Address.TryWriteBytes(bytes, out var length);
        BinaryPrimitives.WriteInt32BigEndian(bytes[length..], endpoint.Port);
        return ((uint)StableHash.Of(bytes[..(length + 4)]) | 0x80000000).ToString(CultureInfo.InvariantCulture);
    }
}
