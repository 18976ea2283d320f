using System.Net;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Machines;
using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide;

/// <summary>One direction of talk that a policy allows or denies: who asks, at which address, and which Pod it arrives at.</summary>
/// <param name="Client">The asking Pod; null for the host outside the cluster.</param>
/// <param name="Address">The address asked for.</param>
/// <param name="Port">The port asked for.</param>
/// <param name="Sctp">SCTP, or TCP.</param>
/// <param name="Server">The Pod at which it arrives after translation.</param>
/// <param name="ServerPort">The port at which it arrives.</param>
internal sealed record Flow(PodInfo? Client, string Address, int Port, bool Sctp, PodInfo Server, int ServerPort)
{
    public string Protocol => Sctp ? "sctp" : "tcp";

    public override string ToString() =>
        $"{(Client is null ? "outside host" : $"{Client.Namespace}/{Client.Name}")} → {Address}:{Port}/{Protocol.ToUpperInvariant()}";

    /// <summary>The same talk straight to the Pod.</summary>
    public static Flow ToPod(PodInfo client, PodInfo server, int port, bool sctp = true) => new(client, server.Address, port, sctp, server, port);

    /// <summary>Tries to connect, and says one line.</summary>
    public async Task<(ProbeVerdict Verdict, string Nonce, string Words)> TryAsync(GuideContext guide, CancellationToken cancel)
    {
        var nonce = Guid.NewGuid().ToString("N");
        var command = $"echo {nonce} | nc -v -w 2 {Address} {Port}{(Sctp ? " --sctp" : "")}";
        var result = Client is null
            ? await guide.Machines.RunAsync(MachineNames.External, ["/bin/sh", "-c", command], cancel)
            : await PodExec.RunAsync(guide.Api, Client.Namespace, Client.Name, ["/bin/sh", "-c", command], cancel);
        return (Netcat.Verdict(result), nonce, Netcat.LastWords(result));
    }

    /// <summary>Whether a packet seen at the server's Pod belongs to this talk, whatever source address translation gave it.</summary>
    public bool Arrived(Captures.CapturedPacket packet) =>
        packet.Protocol == (Sctp ? 132 : 6)
        && packet.DestinationPort == ServerPort
        && packet.Destination.Equals(IPAddress.Parse(Server.Address))
        && (Client is null || packet.Source.Equals(IPAddress.Parse(Client.Address)));
}
