using System.Net;

namespace Trunkline.Netcat.Connections;

/// <summary>Addresses as Ncat writes them: no brackets round IPv6.</summary>
internal static class EndPointText
{
    internal static string Of(IPEndPoint endPoint) => $"{endPoint.Address}:{endPoint.Port}";
}
