using Trunkline.NodeInit.Native;
using Xunit;

namespace Trunkline.NodeInit.Tests.Boot;

/// <summary>posix_spawn and wait(2), on real processes.</summary>
public sealed class ChildProcessTests
{
    private static readonly Dictionary<string, string> s_environment = new() { ["WORD"] = "trunk line" };

    [Theory]
    [InlineData(0x0000, 0)]
    [InlineData(0x4B00, 75)]
    [InlineData(0x0009, 137)]
    [InlineData(0x008B, 139)]
    public void A_status_word_counts_as_in_a_shell(int status, int expected) => Assert.Equal(expected, ChildProcess.ExitCode(status));

    [Fact]
    public void A_child_gets_its_arguments_and_environment_and_nothing_else_of_ours()
    {
        var file = Path.GetTempFileName();
        try
        {
            int code;
            using (var output = new FileStream(file, FileMode.Truncate, FileAccess.Write))
            {
                var pid = ChildProcess.Start(["/bin/sh", "-c", "env; echo \"$0 $1\"; cat; kill -PIPE $$", "a", "b c"], s_environment,
                    (int)output.SafeFileHandle.DangerousGetHandle(), ownSession: true);
                code = ChildProcess.Wait(pid);
            }

            // .NET ignores SIGPIPE; a child that inherited that would have lived and ended with 0.
            Assert.Equal(128 + 13, code);
            var lines = File.ReadAllLines(file);
            Assert.Contains("WORD=trunk line", lines);
            Assert.Contains("a b c", lines);
            Assert.DoesNotContain(lines, line => line.StartsWith("HOME=", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_program_that_is_not_there_is_an_error_that_names_it()
    {
        var error = Assert.Throws<IOException>(() => ChildProcess.Start(["/nonexistent/program"], s_environment, -1, ownSession: false));

        Assert.Contains("/nonexistent/program", error.Message, StringComparison.Ordinal);
    }
}
