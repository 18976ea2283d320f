using System.Net;
using System.Text.Json.Nodes;
using Trunkline.Operations.Captures;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Machines;
using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide;

/// <summary>One direction of talk that a policy allows or denies: who asks, at which address, and which Pod it arrives at.</summary>
/// <param name="Client">The asking Pod; null for the host outside the cluster.</param>
/// <param name="Source">The source address with which it reaches the server's node, by which that node's kernel counts its drops.</param>
/// <param name="Address">The address asked for.</param>
/// <param name="Port">The port asked for.</param>
/// <param name="Sctp">SCTP, or TCP.</param>
/// <param name="Server">The Pod at which it arrives after translation.</param>
/// <param name="ServerPort">The port at which it arrives.</param>
internal sealed record Flow(PodInfo? Client, string Source, string Address, int Port, bool Sctp, PodInfo Server, int ServerPort)
{
    /// <summary>Seconds after which nobody having answered is silence. Nothing is concluded from it alone: the kernel must have counted the drop, too.</summary>
    public const int SilencePatience = 1;

    /// <summary>Seconds in which one who answers has answered, on however busy a machine.</summary>
    public const int AnswerPatience = 10;

    // An association that is cut after its handshake would otherwise be waited for as long as its retransmissions last.
    private const int TransferPatience = 4;
    private const int EndedByTimeout = 124;

    private const int SctpProtocol = 132;
    private const int TcpProtocol = 6;

    public string Protocol => Sctp ? "sctp" : "tcp";

    public override string ToString() =>
        $"{(Client is null ? "outside host" : $"{Client.Namespace}/{Client.Name}")} → {Address}:{Port}/{Protocol.ToUpperInvariant()}";

    /// <summary>Straight to the Pod.</summary>
    public static Flow ToPod(PodInfo client, PodInfo server, int port, bool sctp = true) =>
        new(client, client.Address, server.Address, port, sctp, server, port);

    /// <summary>
    /// From outside to the nodePort, through a worker. A worker that hands it on to another gives it its own address; the server's worker filters before it does.
    /// </summary>
    public static Flow ThroughNode(JsonNode worker, SctpDemo demo, string externalAddress)
    {
        var address = GuideContext.AddressOf(worker);
        var isServers = GuideContext.Text(worker["metadata"]!["name"]) == demo.Server.Node;
        return new(null, isServers ? externalAddress : address, address, demo.NodePort, Sctp: true, demo.Server, SctpDemo.Port);
    }

    /// <summary>Tries to connect, and says one line.</summary>
    /// <param name="guide">The walk.</param>
    /// <param name="patience">Seconds to wait for an answer.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<FlowAnswer> TryAsync(GuideContext guide, int patience, CancellationToken cancel)
    {
        var nonce = Guid.NewGuid().ToString("N");
        var command = $"echo {nonce} | timeout {patience + TransferPatience} nc -v -w {patience} {Address} {Port}{(Sctp ? " --sctp" : "")}";
        var result = Client is null
            ? await guide.Machines.RunAsync(MachineNames.External, ["/bin/sh", "-c", command], cancel)
            : await PodExec.RunAsync(guide.Api, Client.Namespace, Client.Name, ["/bin/sh", "-c", command], cancel);
        return new FlowAnswer(result.ExitCode == EndedByTimeout ? ProbeVerdict.Cut : Netcat.Verdict(result), nonce, Netcat.LastWords(result));
    }

    /// <summary>Whether a packet seen at the server's Pod belongs to this talk; source address translation may have given one from outside any address.</summary>
    public bool Arrived(CapturedPacket packet) =>
        packet.Protocol == (Sctp ? SctpProtocol : TcpProtocol)
        && packet.DestinationPort == ServerPort
        && packet.Destination.Equals(IPAddress.Parse(Server.Address))
        && (Client is null || packet.Source.Equals(IPAddress.Parse(Client.Address)));
}
