using System.Net;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry.Services;

/// <summary>What Services hold: those that are stored, a Service that is written anew among them, and what this write has taken so far.</summary>
internal sealed class ServiceClaims(Snapshot stored)
{
    private readonly HashSet<long> _taken = [];

    public bool Holds(IPAddress address) => stored.IsHeld(ExclusiveValues.ClusterIp(address));

    /// <summary>False where somebody has it.</summary>
    public bool Take(long port) => !stored.IsHeld(ExclusiveValues.NodePort(port)) && _taken.Add(port);

    public static IEnumerable<long> NodePorts(JsonObject? spec) => spec.Objects("ports").Select(port => port.Int("nodePort") ?? 0).Where(port => port > 0);
}
