using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Text;

namespace Trunkline.Node.Network.Netlink;

/// <summary>Links, addresses, routes and neighbours (rtnetlink) of the namespace in which it is made. Only what Pods need.</summary>
internal sealed class RouteNetlink : IDisposable
{
    private const ushort NewLink = 16, DelLink = 17, GetLink = 18, NewAddress = 20, GetAddress = 22, NewRoute = 24, DelRoute = 25, GetRoute = 26, NewNeighbour = 28;
    private const int AfInet = 2, Up = 1, TableMain = 254, ProtocolStatic = 4, ScopeUniverse = 0, ScopeLink = 253, Permanent = 0x80;
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

    /// <summary>False where there is none.</summary>
    public bool DeleteLink(string name) =>
        _socket.Try(new NetlinkRequest($"delete link {name}", DelLink, NetlinkRequest.Acknowledge, Link(0, 0, 0)).Add(3, name), NetlinkException.NoDevice);

    public void SetUp(int link) => _socket.Do(new NetlinkRequest("set a link up", NewLink, NetlinkRequest.Acknowledge, Link(link, Up, Up)));

    public void AddAddress(int link, IPAddress address, int prefix, bool onlyLink)
    {
        Span<byte> body = [AfInet, (byte)prefix, 0, (byte)(onlyLink ? ScopeLink : ScopeUniverse), 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], link);
        _socket.Do(new NetlinkRequest($"add address {address}", NewAddress, NetlinkRequest.Acknowledge | NetlinkRequest.Create | NetlinkRequest.Replace, body)
            .Add(2, address).Add(1, address));
    }

    /// <summary>Addresses of this namespace, with the link of each.</summary>
    public IReadOnlyList<(IPAddress Address, int Link)> Addresses()
    {
        var found = new List<(IPAddress, int)>();
        _socket.List(new NetlinkRequest("list addresses", GetAddress, NetlinkRequest.Dump, [AfInet, 0, 0, 0, 0, 0, 0, 0]), (type, body) =>
        {
            if (type == NewAddress && NetlinkAttributes.Find(body[8..], 2) is { Length: 4 } local)
            {
                found.Add((new IPAddress(local), BinaryPrimitives.ReadInt32LittleEndian(body[4..])));
            }
        });
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
        _socket.List(new NetlinkRequest("list routes", GetRoute, NetlinkRequest.Dump, [AfInet, 0, 0, 0, TableMain, 0, 0, 0, 0, 0, 0, 0]), (type, body) =>
        {
            if (type == NewRoute && body[4] == TableMain && body[5] == ProtocolStatic && body[7] == 1)
            {
                var destination = NetlinkAttributes.Find(body[12..], 1);
                var gateway = NetlinkAttributes.Find(body[12..], 5);
                var link = NetlinkAttributes.Find(body[12..], 4);
                routes.Add(new RouteSpec(new IPNetwork(destination.Length == 4 ? new IPAddress(destination) : IPAddress.Any, body[1]))
                {
                    Gateway = gateway.Length == 4 ? new IPAddress(gateway) : null,
                    Link = link.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(link) : 0,
                });
            }
        });
        return routes;
    }

    /// <summary>A neighbour that is known for ever: nobody has to ask by ARP, and nobody can answer falsely.</summary>
    public void SetNeighbour(int link, IPAddress address, PhysicalAddress hardware)
    {
        Span<byte> body = [AfInet, 0, 0, 0, 0, 0, 0, 0, Permanent, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], link);
        _socket.Do(new NetlinkRequest($"set neighbour {address}", NewNeighbour, NetlinkRequest.Acknowledge | NetlinkRequest.Create | NetlinkRequest.Replace, body)
            .Add(1, address).Add(2, hardware.GetAddressBytes()));
    }

    private static NetlinkRequest Build(ushort type, int flags, RouteSpec route, string operation)
    {
        var scope = route.Unreachable || route.Gateway is not null ? ScopeUniverse : ScopeLink;
        var request = new NetlinkRequest(operation, type, NetlinkRequest.Acknowledge | flags,
            [AfInet, (byte)route.Destination.PrefixLength, 0, 0, TableMain, ProtocolStatic, (byte)scope, (byte)(route.Unreachable ? 7 : 1), 0, 0, 0, 0]);
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
