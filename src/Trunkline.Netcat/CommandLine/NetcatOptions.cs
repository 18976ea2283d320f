using System.Net.Sockets;

namespace Trunkline.Netcat.CommandLine;

/// <summary>A command line, understood. Defaults are Ncat's.</summary>
public sealed record NetcatOptions
{
    /// <summary>Ncat's own default port.</summary>
    public const int DefaultPort = 31337;

    /// <summary>Ncat waits ten seconds for a connection unless <c>-w</c> says otherwise.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(10);

    public bool Listen { get; init; }

    public bool KeepOpen { get; init; }

    public int? SourcePort { get; init; }

    public string? SourceAddress { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    public TimeSpan? IdleTimeout { get; init; }

    public int Verbosity { get; init; }

    public bool Verbose => Verbosity > 0;

    public bool ZeroIo { get; init; }

    /// <summary>Unspecified unless <c>-4</c> or <c>-6</c>; the last one given counts.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    public NetcatProtocol Protocol { get; init; }

    public bool NumericOnly { get; init; }

    /// <summary><c>-e</c>: a command, split at spaces and run without a shell.</summary>
    public string? Execute { get; init; }

    /// <summary><c>-c</c>: a command for /bin/sh.</summary>
    public string? ShellExecute { get; init; }

    public bool HasCommand => Execute is not null || ShellExecute is not null;

    public bool SendOnly { get; init; }

    public bool ReceiveOnly { get; init; }

    public bool NoShutdown { get; init; }

    /// <summary><c>-C</c>: a line feed goes out as CR LF.</summary>
    public bool Crlf { get; init; }

    /// <summary><c>-m</c>; null where it was not given.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>How many peers at once <c>-k</c> serves: Ncat's default is 100.</summary>
    public int ConnectionLimit => MaxConnections ?? 100;

    public bool ShowHelp { get; init; }

    public bool ShowVersion { get; init; }

    /// <summary>What is left when the options are taken away: host and port.</summary>
    public IReadOnlyList<string> Operands { get; init; } = [];
}
