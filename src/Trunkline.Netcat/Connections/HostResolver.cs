using System.Net;
using System.Net.Sockets;
using Trunkline.Netcat.CommandLine;

namespace Trunkline.Netcat.Connections;

/// <summary>Host names to addresses, with getaddrinfo's words when there are none.</summary>
internal static class HostResolver
{
    internal static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, NetcatOptions options, string what = "hostname")
    {
        // Brackets are a URL's way of writing; getaddrinfo does not know them.
        if (!host.Contains('[', StringComparison.Ordinal) && IPAddress.TryParse(host, out var address))
        {
            return options.Family is AddressFamily.Unspecified || address.AddressFamily == options.Family
                ? [address]
                : throw NotResolved(what, host, "Address family for hostname not supported");
        }

        if (options.NumericOnly || host.Contains('[', StringComparison.Ordinal))
        {
            throw NotResolved(what, host, "Name or service not known");
        }

        try
        {
            var found = await Dns.GetHostAddressesAsync(host, options.Family);
            return found.Length > 0 ? found : throw NotResolved(what, host, "Name or service not known");
        }
        catch (SocketException failed)
        {
            throw NotResolved(what, host, failed.SocketErrorCode == SocketError.TryAgain ? "Temporary failure in name resolution" : "Name or service not known");
        }
        catch (ArgumentException)
        {
            // Longer than a name may be.
            throw NotResolved(what, host, "Name or service not known");
        }
    }

    private static QuitException NotResolved(string what, string host, string why) => new($"Could not resolve {what} \"{host}\": {why}.");
}
