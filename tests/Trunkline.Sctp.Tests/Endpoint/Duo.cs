using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Tests.Simulation;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Endpoint;

/// <summary>A client and a server on a good network, for stories: every packet's chunks are written down as they are sent.</summary>
public sealed class Duo
{
    public const ushort Port = 5000;

    public Duo(AssociationOptions? client = null, ListenOptions? listen = null, EndpointOptions? endpoint = null, bool ipv6 = false)
    {
        ClientAddress = SctpAddress.Parse(ipv6 ? "fd00::1" : "10.0.0.1");
        ServerAddress = SctpAddress.Parse(ipv6 ? "fd00::2" : "10.0.0.2");
        ClientOptions = client ?? AssociationOptions.Default;
        Network = new VirtualNetwork(1, new NetworkConditions { Delay = 10_000 }) { Filter = Record };
        Client = Network.AddHost(ClientAddress, endpoint);
        Server = Network.AddHost(ServerAddress, endpoint);
        Server.Listen(default, Port, listen ?? ListenOptions.Default, out var listener, out _);
        Listener = listener;
    }

    public SctpAddress ClientAddress { get; }

    public SctpAddress ServerAddress { get; }

    public AssociationOptions ClientOptions { get; }

    public VirtualNetwork Network { get; }

    public SctpEndpoint Client { get; }

    public SctpEndpoint Server { get; }

    public ListenerId Listener { get; }

    public AssociationId A { get; private set; }

    public AssociationId Z { get; private set; }

    /// <summary>Lines like "A: Init" and "Z: Sack Data".</summary>
    public List<string> Log { get; } = [];

    public List<byte[]> Packets { get; } = [];

    /// <summary>Sees each packet after it was written down; false loses it.</summary>
    public Func<string, bool> Passes { get; set; } = _ => true;

    public void Connect()
    {
        Assert.Equal(ConnectStatus.Started, Client.Connect(ClientAddress, 4000, ServerAddress, Port, ClientOptions, Network.Now, out var id));
        A = id;
        Pump();
    }

    public Duo Established()
    {
        Connect();
        Run(100_000);
        Z = NextEvent(Server, EndpointEventKind.Accepted).Association;
        Server.MarkAccepted(Z);
        NextEvent(Client, EndpointEventKind.Established);
        Log.Clear();
        Packets.Clear();
        return this;
    }

    public void Pump()
    {
        Network.Collect(Client);
        Network.Collect(Server);
    }

    public void Run(long microseconds)
    {
        Pump();
        Network.Run(microseconds);
    }

    public static EndpointEvent NextEvent(SctpEndpoint endpoint, EndpointEventKind kind)
    {
        while (endpoint.TryReadEvent(out var occurred))
        {
            if (occurred.Kind == kind)
            {
                return occurred;
            }
        }

        Assert.Fail($"no event {kind}");
        return default;
    }

    public static bool HasEvent(SctpEndpoint endpoint, EndpointEventKind kind)
    {
        while (endpoint.TryReadEvent(out var occurred))
        {
            if (occurred.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    public SendStatus SendFromA(int size, ushort stream = 0, SendModes modes = SendModes.None) =>
        Client.Send(A, stream, 1, modes, Bytes(size), Network.Now);

    public SendStatus SendFromZ(int size, ushort stream = 0, SendModes modes = SendModes.None) =>
        Server.Send(Z, stream, 1, modes, Bytes(size), Network.Now);

    /// <summary>The sizes of the messages that can be read whole.</summary>
    public List<int> ReadAll(SctpEndpoint endpoint, AssociationId association)
    {
        var sizes = new List<int>();
        var buffer = new byte[1 << 20];
        while (endpoint.Read(association, buffer, out var part, Network.Now) == ReadStatus.Data)
        {
            sizes.Add(part.Length);
        }

        return sizes;
    }

    public static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++)
        {
            bytes[i] = (byte)i;
        }

        return bytes;
    }

    public AssociationInfo InfoA => Client.TryGetInfo(A, out var info) ? info : default;

    public AssociationInfo InfoZ => Server.TryGetInfo(Z, out var info) ? info : default;

    public static string Describe(byte[] packet)
    {
        var chunks = new ChunkReader(packet.AsSpan(CommonHeader.Size));
        var names = new List<string>();
        while (chunks.TryRead(out var chunk))
        {
            names.Add(chunk.Type.ToString());
        }

        return string.Join(' ', names);
    }

    private bool Record(SctpAddress source, byte[] packet)
    {
        var line = (source == ClientAddress ? "A: " : "Z: ") + Describe(packet);
        Log.Add(line);
        Packets.Add(packet);
        return Passes(line);
    }
}
