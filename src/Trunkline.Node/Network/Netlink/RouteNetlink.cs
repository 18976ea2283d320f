using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace Trunkline.Node.Network.Netlink;

/// <summary>Links, addresses, routes and neighbours (rtnetlink) of the namespace in which it is made. Only what Pods need.</summary>
internal sealed class RouteNetlink : IDisposable
{
    private const ushort NewLink = 16, DelLink = 17, GetLink = 18, NewAddress = 20, GetAddress = 22, NewRoute = 24, DelRoute = 25, GetRoute = 26, NewNeighbour = 28, DelNeighbour = 29, GetNeighbour = 30;
    private const int AfInet = 2, AfInet6 = 10, Up = 1, NoArp = 0x80, TableMain = 254, ProtocolStatic = 4, ScopeUniverse = 0, ScopeLink = 253, Permanent = 0x80;
    private const int NoDuplicateDetection = 2, Proxy = 8;
    private static readonly int[] Families = [AfInet, AfInet6];
    private readonly NetlinkSocket _socket = new(NetlinkSocket.Route);

    public void Dispose() => _socket.Dispose();

    /// <summary>The index of a link, or null.</summary>
    public int? IndexOf(string name)
    {
        int? index = null;
        try
        {
            var request = new NetlinkRequest($"look for link {name}", GetLink, NetlinkRequest.Acknowledge, Link(0, 0, 0)).Add(3, name);
            _socket.List(request, (type, body) => index = type == NewLink ? BinaryPrimitives.ReadInt32LittleEndian(body[4..]) : index);
        }
        catch (NetlinkException exception) when (exception.Errno == NetlinkException.NoDevice)
        {
            return null;
        }

        return index;
    }

    public IReadOnlyDictionary<int, string> Links()
    {
        var links = new Dictionary<int, string>();
        _socket.List(new NetlinkRequest("list links", GetLink, NetlinkRequest.Dump, Link(0, 0, 0)), (type, body) =>
        {
            if (type == NewLink && NetlinkAttributes.Find(body[16..], 3) is { Length: > 1 } name)
            {
                links[BinaryPrimitives.ReadInt32LittleEndian(body[4..])] = Encoding.UTF8.GetString(name[..^1]);
            }
        });
        return links;
    }

    /// <summary>Makes a pair of virtual cables: one end here, the other, already named, in the namespace behind a descriptor.</summary>
    public void AddVeth(string name, PhysicalAddress address, string peer, PhysicalAddress peerAddress, int peerNamespace)
    {
        var request = new NetlinkRequest($"make veth {name}", NewLink, NetlinkRequest.Acknowledge | NetlinkRequest.Create | NetlinkRequest.Exclusive, Link(0, 0, 0))
            .Add(3, name).Add(1, address.GetAddressBytes())
            .Nest(18, info => info.Add(1, "veth").Nest(2, data => data.Nest(1, inner => inner
                .Raw(Link(0, 0, 0)).Add(3, peer).Add(1, peerAddress.GetAddressBytes()).Add(28, peerNamespace))));
        _socket.Do(request);
    }

    /// <summary>Makes a bridge without ports.</summary>
    public void AddBridge(string name) => _socket.Do(
        new NetlinkRequest($"make bridge {name}", NewLink, NetlinkRequest.Acknowledge | NetlinkRequest.Create | NetlinkRequest.Exclusive, Link(0, 0, 0))
            .Add(3, name).Nest(18, info => info.Add(1, "bridge")));

    /// <summary>A link's hardware address, or null.</summary>
    public PhysicalAddress? Hardware(int link)
    {
        PhysicalAddress? found = null;
        _socket.List(new NetlinkRequest("look at a link", GetLink, NetlinkRequest.Acknowledge, Link(link, 0, 0)), (type, body) =>
        {
            if (type == NewLink && NetlinkAttributes.Find(body[16..], 1) is { Length: 6 } address)
            {
                found = new PhysicalAddress(address.ToArray());
            }
        });
        return found;
    }

    /// <summary>False where there is none.</summary>
    public bool DeleteLink(string name) =>
        _socket.Try(new NetlinkRequest($"delete link {name}", DelLink, NetlinkRequest.Acknowledge, Link(0, 0, 0)).Add(3, name), NetlinkException.NoDevice);

    public void SetUp(int link) => _socket.Do(new NetlinkRequest("set a link up", NewLink, NetlinkRequest.Acknowledge, Link(link, Up, Up)));

    /// <summary>
    /// Sets a link up on which nobody asks for neighbours, by ARP or by neighbour discovery, or says that it listens to groups: whom there is to know is known beforehand.
    /// </summary>
    public void SetUpSilent(int link) =>
        _socket.Do(new NetlinkRequest("set a link up", NewLink, NetlinkRequest.Acknowledge, Link(link, Up | NoArp, Up | NoArp)));

    public void AddAddress(int link, IPAddress address, int prefix, bool onlyLink)
    {
        // Who gives addresses here knows that nobody else has them: an IPv6 address is good at once (RFC 4862, 5.4, DupAddrDetectTransmits 0).
        Span<byte> body = [Family(address), (byte)prefix, NoDuplicateDetection, (byte)(onlyLink ? ScopeLink : ScopeUniverse), 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], link);
        body[2] = Family(address) == AfInet6 ? body[2] : (byte)0;
        _socket.Do(new NetlinkRequest($"add address {address}", NewAddress, NetlinkRequest.Acknowledge | NetlinkRequest.Create | NetlinkRequest.Replace, body)
            .Add(2, address).Add(1, address));
    }

    /// <summary>Addresses of this namespace, with the link of each.</summary>
    public IReadOnlyList<(IPAddress Address, int Link)> Addresses()
    {
        var found = new List<(IPAddress, int)>();
        foreach (var family in Families)
        {
            _socket.List(new NetlinkRequest("list addresses", GetAddress, NetlinkRequest.Dump, [(byte)family, 0, 0, 0, 0, 0, 0, 0]), (type, body) =>
            {
                var local = NetlinkAttributes.Find(body[8..], 2);
                local = local.Length == 0 ? NetlinkAttributes.Find(body[8..], 1) : local; // IPv6 has the second only where it has a peer
                if (type == NewAddress && body[0] == family && local.Length is 4 or 16)
                {
                    found.Add((new IPAddress(local), BinaryPrimitives.ReadInt32LittleEndian(body[4..])));
                }
            });
        }

        return found;
    }

    /// <summary>Sets a route, whatever there was.</summary>
    public void SetRoute(RouteSpec route) => _socket.Do(
        Build(NewRoute, NetlinkRequest.Create | NetlinkRequest.Replace, route, $"set route {route.Destination}"));

    public void DeleteRoute(RouteSpec route) => _socket.Try(
        Build(DelRoute, 0, route, $"delete route {route.Destination}"), NetlinkException.NoSuchProcess, NetlinkException.NotFound, NetlinkException.NoDevice);

    /// <summary>Unicast routes of the main table that this program made.</summary>
    public IReadOnlyList<RouteSpec> Routes()
    {
        var routes = new List<RouteSpec>();
        foreach (var family in Families)
        {
            _socket.List(new NetlinkRequest("list routes", GetRoute, NetlinkRequest.Dump, [(byte)family, 0, 0, 0, TableMain, 0, 0, 0, 0, 0, 0, 0]), (type, body) =>
            {
                if (type == NewRoute && body[0] == family && body[4] == TableMain && body[5] == ProtocolStatic && body[7] == 1)
                {
                    routes.Add(Route(body, family == AfInet ? IPAddress.Any : IPAddress.IPv6Any));
                }
            });
        }

        return routes;
    }

    private static RouteSpec Route(ReadOnlySpan<byte> body, IPAddress any)
    {
        var destination = NetlinkAttributes.Find(body[12..], 1);
        var gateway = NetlinkAttributes.Find(body[12..], 5);
        var link = NetlinkAttributes.Find(body[12..], 4);
        return new RouteSpec(new IPNetwork(destination.Length is 4 or 16 ? new IPAddress(destination) : any, body[1]))
        {
            Gateway = gateway.Length is 4 or 16 ? new IPAddress(gateway) : null,
            Link = link.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(link) : 0,
        };
    }

    /// <summary>A neighbour that is known for ever: nobody has to ask by ARP or neighbour discovery, and nobody can answer falsely.</summary>
    public void SetNeighbour(int link, IPAddress address, PhysicalAddress hardware) => _socket.Do(
        Neighbour(NewNeighbour, NetlinkRequest.Create | NetlinkRequest.Replace, link, address, Permanent, 0, $"set neighbour {address}").Add(2, hardware.GetAddressBytes()));

    /// <summary>Answers ARP or neighbour discovery on a link for an address that is not this machine's own.</summary>
    public void AddProxy(int link, IPAddress address) => _socket.Do(
        Neighbour(NewNeighbour, NetlinkRequest.Create | NetlinkRequest.Replace, link, address, Permanent, Proxy, $"answer for {address}"));

    /// <summary>Answers for it no more. Nothing where it did not.</summary>
    public void RemoveProxy(int link, IPAddress address) => _socket.Try(
        Neighbour(DelNeighbour, 0, link, address, 0, Proxy, $"answer for {address} no more"), NetlinkException.NotFound, NetlinkException.NoSuchProcess);

    /// <summary>The addresses this machine answers for on a link.</summary>
    public IReadOnlyList<IPAddress> Proxies(int link)
    {
        var found = new List<IPAddress>();
        foreach (var family in Families)
        {
            Span<byte> body = [(byte)family, 0, 0, 0, 0, 0, 0, 0, 0, 0, Proxy, 0];
            _socket.List(new NetlinkRequest("list addresses answered for", GetNeighbour, NetlinkRequest.Dump, body), (type, entry) =>
            {
                if (type == NewNeighbour && (entry[10] & Proxy) != 0 && BinaryPrimitives.ReadInt32LittleEndian(entry[4..]) == link
                    && NetlinkAttributes.Find(entry[12..], 1) is { Length: 4 or 16 } address)
                {
                    found.Add(new IPAddress(address));
                }
            });
        }

        return found;
    }

    private static NetlinkRequest Neighbour(ushort type, int flags, int link, IPAddress address, int state, int kind, string operation)
    {
        Span<byte> body = [Family(address), 0, 0, 0, 0, 0, 0, 0, (byte)state, 0, (byte)kind, 0];
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], link);
        return new NetlinkRequest(operation, type, NetlinkRequest.Acknowledge | flags, body).Add(1, address);
    }

    private static byte Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? (byte)AfInet6 : (byte)AfInet;

    private static NetlinkRequest Build(ushort type, int flags, RouteSpec route, string operation)
    {
        var scope = route.Unreachable || route.Gateway is not null ? ScopeUniverse : ScopeLink;
        var request = new NetlinkRequest(operation, type, NetlinkRequest.Acknowledge | flags,
            [Family(route.Destination.BaseAddress), (byte)route.Destination.PrefixLength, 0, 0, TableMain, ProtocolStatic, (byte)scope, (byte)(route.Unreachable ? 7 : 1), 0, 0, 0, 0]);
        request.Add(1, route.Destination.BaseAddress);
        if (route.Gateway is not null)
        {
            request.Add(5, route.Gateway);
        }

        if (route.Source is not null)
        {
            request.Add(7, route.Source);
        }

        return route.Unreachable ? request : request.Add(4, route.Link);
    }

    private static byte[] Link(int index, int flags, int change)
    {
        var body = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), index);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), flags);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(12), change);
        return body;
    }
}
