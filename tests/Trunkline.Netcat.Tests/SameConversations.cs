using System.Globalization;
using System.Text.RegularExpressions;
using Trunkline.Netcat.Tests.Support;

namespace Trunkline.Netcat.Tests;

/// <summary>A listener and a client, once both Debian's and once both ours: the same bytes, the same words, the same exit statuses.</summary>
public sealed partial class SameConversations
{
    /// <summary>The listener's flags and input, the client's flags and input.</summary>
    public static TheoryData<string, string, string, string> Conversations => new()
    {
        { "-l P", "", "127.0.0.1 P", "hi\n" },
        { "-v -l P", "yo\n", "-v 127.0.0.1 P", "hi\n" },
        { "-v -l P", "yo\n", "-v 127.0.0.1 P", "" },
        { "-v -l -6 P", "", "-v ::1 P", "hi\n" },
        { "-v -l -4 P", "", "-v -4 localhost P", "hi\n" },
        { "-v -l ::1 P", "", "-v -6 ::1 P", "hi\n" },
        { "-v -l P --send-only", "yo\n", "-v --recv-only 127.0.0.1 P", "" },
        { "-v -l P --recv-only", "yo\n", "-v 127.0.0.1 P", "hi\n" },
        { "-v -l P", "yo\n", "-v --send-only 127.0.0.1 P", "hi\n" },
        { "-v -l P", "yo\n", "-v --recv-only 127.0.0.1 P", "hi\n" },
        { "-v -k -l P --send-only", "yo\n", "-v --recv-only 127.0.0.1 P", "" },
        { "-v -l P -c 'exit 3'", "", "-v --recv-only 127.0.0.1 P", "" },
        { "-v -l P", "", "-v -z 127.0.0.1 P", "" },
        { "-v -l P -e /nonexistent", "", "-v --recv-only 127.0.0.1 P", "" },
        { "-v -l -p P", "", "-v -s 127.0.0.2 127.0.0.1 P", "hi\n" },
        { "-vn -l 127.0.0.1 P -w 1", "", "-vn -w 1 127.0.0.1 P", "hi\n" },
        { "-C -v -l P", "a\nb\r\n", "-C -v 127.0.0.1 P", "x\ny\n" },
        { "-m 1 -v -l P", "", "-v 127.0.0.1 P", "hi\n" },
    };

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task A_conversation_is_told_alike(string listen, string listenInput, string connect, string connectInput)
    {
        var theirs = await TalkAsync(DebianNcatAsync, listen, listenInput, connect, connectInput);
        var ours = await TalkAsync(OursAsync, listen, listenInput, connect, connectInput);
        Assert.Equal(theirs, ours);
    }

    private static async Task<string> TalkAsync(
        Func<string, string[], Task<Outcome>> nc, string listen, string listenInput, string connect, string connectInput)
    {
        var port = FreePort.Take();
        var listening = nc(listenInput, Words(listen, port));
        await FreePort.WaitForListenerAsync(port);
        var client = await nc(connectInput, Words(connect, port));
        var listener = await listening;
        return $"listener {Told(listener, port)}\nclient {Told(client, port)}";
    }

    private static async Task<Outcome> DebianNcatAsync(string input, string[] arguments) =>
        await DebianNcat.RunAsync(System.Text.Encoding.UTF8.GetBytes(input), arguments);

    private static async Task<Outcome> OursAsync(string input, string[] arguments) =>
        await OurNetcat.RunAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input)), arguments);

    private static string[] Words(string line, string port) =>
        [.. Word().Matches(line).Select(match => match.Value.Trim('\'')).Select(word => word == "P" ? port : word)];

    private static string Told(Outcome outcome, string port)
    {
        var error = Seconds().Replace(outcome.Error, "in T seconds").Replace(port, "PORT", StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{outcome.ExitCode} {outcome.Text} {Ephemeral().Replace(error, "$1:EPHEMERAL")}");
    }

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"in \d+\.\d\d seconds")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"(127\.0\.0\.\d|::1):\d+")]
    private static partial Regex Ephemeral();
}
