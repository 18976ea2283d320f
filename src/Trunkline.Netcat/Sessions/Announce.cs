using Trunkline.Netcat.Connections;

namespace Trunkline.Netcat.Sessions;

/// <summary>Ncat 7.93's two lines for a connection that came; UDP has the first only.</summary>
internal static class Announce
{
    internal static void Connection(Reporter reporter, IConnection connection)
    {
        reporter.Detail($"Connection from {connection.RemoteEndPoint.Address}.");
        if (connection.HasEnd)
        {
            reporter.Detail($"Connection from {EndPointText.Of(connection.RemoteEndPoint)}.");
        }
    }
}
