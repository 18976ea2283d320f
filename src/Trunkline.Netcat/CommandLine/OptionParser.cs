using System.Globalization;
using System.Net.Sockets;

namespace Trunkline.Netcat.CommandLine;

/// <summary>getopt_long's grammar: options before, between and after operands, combined short flags, <c>--name=value</c>, <c>--</c>.</summary>
public static class OptionParser
{
    /// <summary>Reads a command line.</summary>
    /// <param name="program">argv[0], for getopt's complaints.</param>
    /// <param name="arguments">The rest of argv.</param>
    /// <exception cref="QuitException">The command line is wrong.</exception>
    public static NetcatOptions Parse(string program, IReadOnlyList<string> arguments)
    {
        var options = new NetcatOptions();
        var operands = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                operands.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                options = ParseLong(program, argument[2..], arguments, ref i, options);
            }
            else if (argument.Length > 1 && argument[0] == '-')
            {
                options = ParseShort(program, argument, arguments, ref i, options);
            }
            else
            {
                operands.Add(argument);
            }
        }

        return options with { Operands = operands };
    }

    internal static QuitException Complaint(string line) =>
        new("Try `--help' or man(1) ncat for more information, usage options and help.") { Preface = line };

    private static NetcatOptions ParseLong(string program, string text, IReadOnlyList<string> arguments, ref int index, NetcatOptions options)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (key, takesValue, name) = OptionNames.FindLong(program, equals < 0 ? text : text[..equals]);
        if (!takesValue)
        {
            return equals < 0 ? Apply(options, key, "") : throw Complaint($"{program}: option '--{name}' doesn't allow an argument");
        }

        if (equals >= 0)
        {
            return Apply(options, key, text[(equals + 1)..]);
        }

        return ++index < arguments.Count
            ? Apply(options, key, arguments[index])
            : throw Complaint($"{program}: option '--{name}' requires an argument");
    }

    private static NetcatOptions ParseShort(string program, string argument, IReadOnlyList<string> arguments, ref int index, NetcatOptions options)
    {
        for (var i = 1; i < argument.Length; i++)
        {
            if (!OptionNames.IsShort(argument[i], out var takesValue))
            {
                throw Complaint($"{program}: invalid option -- '{argument[i]}'");
            }

            if (!takesValue)
            {
                options = Apply(options, argument[i], "");
                continue;
            }

            if (i + 1 < argument.Length)
            {
                return Apply(options, argument[i], argument[(i + 1)..]);
            }

            return ++index < arguments.Count
                ? Apply(options, argument[i], arguments[index])
                : throw Complaint($"{program}: option requires an argument -- '{argument[i]}'");
        }

        return options;
    }

    private static NetcatOptions Apply(NetcatOptions options, char key, string value) => key switch
    {
        'l' => options with { Listen = true },
        'k' => options with { KeepOpen = true },
        'p' => options with { SourcePort = SourcePort(value) },
        's' => options with { SourceAddress = value },
        'w' => options with { ConnectTimeout = Time('w', value) },
        'i' => options with { IdleTimeout = Time('i', value) },
        'v' => options with { Verbosity = options.Verbosity + 1 },
        'z' => options with { ZeroIo = true },
        '4' => options with { Family = AddressFamily.InterNetwork },
        '6' => options with { Family = AddressFamily.InterNetworkV6 },
        'u' => options with { Protocol = NetcatProtocol.Udp },
        'S' => options with { Protocol = NetcatProtocol.Sctp },
        'n' => options with { NumericOnly = true },
        'e' => WithCommand(options) with { Execute = value },
        'c' => WithCommand(options) with { ShellExecute = value },
        'C' => options with { Crlf = true },
        'm' => options with { MaxConnections = MaxConnections(value) },
        'O' => options with { SendOnly = true },
        'R' => options with { ReceiveOnly = true },
        'N' => options with { NoShutdown = true },
        'h' => options with { ShowHelp = true },
        'V' => options with { ShowVersion = true },
        _ => throw new InvalidOperationException($"option key {key} has no meaning"),
    };

    private static NetcatOptions WithCommand(NetcatOptions options) => options.HasCommand
        ? throw new QuitException("Only one of --exec, --sh-exec, and --lua-exec is allowed.")
        : options;

    // What is no number is quoted as it stands; a number out of range is printed as the unsigned int that Ncat keeps it in.
    private static int SourcePort(string value) =>
        !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var port)
            ? throw new QuitException($"Invalid source port number \"{value}\".")
            : port is >= 0 and <= ushort.MaxValue ? (int)port : throw new QuitException($"Invalid source port {(uint)port}.");

    // atoi: what is no number is 0.
    private static int MaxConnections(string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) ? count : 0;

    private static TimeSpan Time(char letter, string value) => TimeSpecification.TryParse(value, out var time)
        ? time
        : throw new QuitException($"Invalid -{letter} timeout \"{value}\" (must be greater than 0 and less than 2147483s).");
}
