namespace Trunkline.Netcat.Tests.Support;

/// <summary>Our nc, run inside the test.</summary>
public static class OurNetcat
{
    public static async Task<Outcome> RunAsync(Stream input, params string[] arguments)
    {
        var output = new MemoryStream();
        var error = new StringWriter();
        var exitCode = await NetcatProgram.RunAsync("ncat", arguments, new NetcatStreams(input, output, error), TimeProvider.System)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return new Outcome(exitCode, output.ToArray(), error.ToString());
    }

    public static Task<Outcome> RunAsync(params string[] arguments) => RunAsync(Stream.Null, arguments);
}
