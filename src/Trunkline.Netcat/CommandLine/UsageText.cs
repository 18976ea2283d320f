namespace Trunkline.Netcat.CommandLine;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
internal static class UsageText
{
    // Programs look for Ncat's line and take its number for the words they may expect; the words are those of 7.93.
    internal const string Version = "Version 7.93 ( https://nmap.org/ncat )";

    internal const string Help = """
        Ncat 7.93 ( https://nmap.org/ncat )
        Usage: ncat [options] [hostname] [port]

        This is Trunkline's nc: Ncat's flags and words, with SCTP by a lab node's SCTP service or by the kernel.

        Options taking a time assume seconds. Append 'ms' for milliseconds,
        's' for seconds, 'm' for minutes, or 'h' for hours (e.g. 500ms).
          -4                         Use IPv4 only
          -6                         Use IPv6 only
          -C, --crlf                 Use CRLF for EOL sequence
          -c, --sh-exec <command>    Executes the given command via /bin/sh
          -e, --exec <command>       Executes the given command
          -m, --max-conns <n>        Maximum <n> simultaneous connections
          -h, --help                 Display this help screen
          -i, --idle-timeout <time>  Idle read/write timeout
          -p, --source-port port     Specify source port to use
          -s, --source addr          Specify source address to use (doesn't affect -l)
          -l, --listen               Bind and listen for incoming connections
          -k, --keep-open            Accept multiple connections in listen mode
          -n, --nodns                Do not resolve hostnames via DNS
          -u, --udp                  Use UDP instead of default TCP
              --sctp                 Use SCTP instead of default TCP
          -v, --verbose              Set verbosity level (can be used several times)
          -w, --wait <time>          Connect timeout
          -z                         Zero-I/O mode, report connection status only
              --send-only            Only send data, ignoring received; quit on EOF
              --recv-only            Only receive data, never send anything
              --no-shutdown          Continue half-duplex when receiving EOF on stdin
              --version              Display Ncat's version information and exit

        SCTP has no half-close: the end of a client's input starts SHUTDOWN once its data is
        acknowledged; the end of a listener's input does not, unless --send-only is given.

        """;
}
