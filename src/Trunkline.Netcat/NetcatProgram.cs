using Trunkline.Netcat.CommandLine;
using Trunkline.Netcat.Sessions;

namespace Trunkline.Netcat;

/// <summary>A run of nc, from its command line to its exit status.</summary>
public static class NetcatProgram
{
    /// <summary>Runs; 0 is success, 1 a connection that failed, 2 a command line or set-up that did.</summary>
    public static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, NetcatStreams streams, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            var options = OptionParser.Parse(program, arguments);
            if (options.ShowHelp)
            {
                await streams.Output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(UsageText.Help));
                return 0;
            }

            if (options.ShowVersion)
            {
                new Reporter(streams.Error, 0).User(UsageText.Version);
                return 0;
            }

            return await RunAsync(options, streams, time);
        }
        catch (QuitException quit)
        {
            var reporter = new Reporter(streams.Error, 0);
            if (quit.Preface is not null)
            {
                reporter.Plain(quit.Preface);
            }

            reporter.User($"{quit.Message} QUITTING.");
            return 2;
        }
        catch (IOException gone) when (gone is not Connections.ConnectionException)
        {
            // Standard output is closed (the next program of a pipe has ended): there is nobody left to tell.
            return 1;
        }
    }

    private static async Task<int> RunAsync(NetcatOptions options, NetcatStreams streams, TimeProvider time)
    {
        var reporter = new Reporter(streams.Error, options.Verbosity);
        reporter.Detail(UsageText.Version);
        if (!options.Listen)
        {
            return await new ConnectSession(options, streams, reporter, time).RunAsync();
        }

        using var session = new ListenSession(options, streams, reporter);
        return await session.RunAsync();
    }
}
