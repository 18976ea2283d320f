using System.Globalization;

namespace Trunkline.Netcat.CommandLine;

/// <summary>Host and port out of the operands, and the rules for combining options, in Ncat's order and words.</summary>
public static class Destination
{
    /// <summary>The host operand, or null: in listen mode a lone number is a port.</summary>
    public static string? Host(NetcatOptions options)
    {
        var operands = options.Operands;
        if (!options.Listen)
        {
            // A number alone is a port to Ncat, wherever it stands first.
            return operands.Count > 0 && !IsNumber(operands[0]) ? operands[0] : throw new QuitException("You must specify a host to connect to.");
        }

        return operands.Count switch
        {
            1 => IsNumber(operands[0]) ? null : operands[0],
            2 when !IsNumber(operands[0]) => operands[0],
            0 => null,
            _ => IsNumber(operands[0]) ? null : operands[0],
        };
    }

    /// <summary>The port operand; Ncat's default when there is none.</summary>
    public static int Port(NetcatOptions options)
    {
        var ports = options.Operands.Skip(Host(options) is null ? 0 : 1).ToList();
        if (options.Listen && options.SourcePort is { } given)
        {
            ports.Insert(0, given.ToString(CultureInfo.InvariantCulture));
        }

        return ports.Count switch
        {
            0 => NetcatOptions.DefaultPort,
            1 => Parse(ports[0]),
            _ => throw new QuitException($"Got more than one port specification: {string.Join(' ', ports)}."),
        };
    }

    /// <summary>Combinations Ncat refuses.</summary>
    public static void CheckCombinations(NetcatOptions options)
    {
        if (options.Listen && options.ZeroIo)
        {
            throw new QuitException("Services designed for LISTENING can't be used with -z");
        }

        if (options is { ZeroIo: true, HasCommand: true })
        {
            throw new QuitException("Command execution can't be done along with option -z.");
        }

        if (options.Listen && options.SourceAddress is not null)
        {
            throw new QuitException("-l and -s are incompatible.  Specify the address and port to bind to like you would a host to connect to.");
        }

        if (options.MaxConnections is not null && !options.Listen)
        {
            throw new QuitException("Invalid option combination: `--max-conns' with connect.");
        }

        if (options.KeepOpen && !options.Listen)
        {
            throw new QuitException("Invalid option combination: `--keep-open' with connect.");
        }

        if (options is { KeepOpen: true, Protocol: NetcatProtocol.Udp, HasCommand: false })
        {
            throw new QuitException("UDP mode does not support the -k or --keep-open options, except with --exec or --sh-exec.");
        }
    }

    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);

    // strtol's reading: nothing at all is 0.
    private static int Parse(string text) => text.Length == 0 ? 0 :
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : throw new QuitException($"Invalid port number \"{text}\".");
}
