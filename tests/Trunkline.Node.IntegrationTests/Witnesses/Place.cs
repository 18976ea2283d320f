using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>Addresses and nodes of made-up clusters, all seen from worker-0.</summary>
internal static class Place
{
    private static readonly IPNetwork[] s_here = [IPNetwork.Parse("10.128.0.0/16"), IPNetwork.Parse("fd01::/64")];

    public const string OwnNode = "worker-0", OtherNode = "worker-1", Uplink = "eth0";

    public static IPAddress[] Own { get; } = [IPAddress.Parse("192.168.126.11"), IPAddress.Parse("fd00:126::11")];

    public static IPAddress[] Other { get; } = [IPAddress.Parse("192.168.126.12"), IPAddress.Parse("fd00:126::12")];

    public static IPAddress[] Outside { get; } = [IPAddress.Parse("192.168.126.200"), IPAddress.Parse("fd00:126::200")];

    public static IReadOnlyList<PolicyNode> Nodes { get; } =
    [
        new(OwnNode, Own) { Labels = new Dictionary<string, string> { ["zone"] = "a" } },
        new(OtherNode, Other) { Labels = new Dictionary<string, string> { ["zone"] = "b" } },
    ];

    /// <summary>Pods 0 to 99 are worker-0's.</summary>
    public static IPAddress[] Pod(int cluster, int pod) => pod < 100
        ? [IPAddress.Parse($"10.128.{cluster}.{10 + pod}"), IPAddress.Parse($"fd01::{cluster:x}:{10 + pod:x}")]
        : [IPAddress.Parse($"10.129.{cluster}.{pod - 90}"), IPAddress.Parse($"fd01:0:0:1::{cluster:x}:{pod - 90:x}")];

    /// <summary>Whether worker-0 has a cable to such an address.</summary>
    public static bool IsBehindCable(IPAddress address) => s_here.Any(network => network.Contains(address));

    /// <summary>worker-0's own address of the same family.</summary>
    public static IPAddress OwnOf(IPAddress address) => Own.Single(own => own.AddressFamily == address.AddressFamily);

    public static string Link(int cluster, int pod) => $"p{cluster:x}x{pod:x}";
}
