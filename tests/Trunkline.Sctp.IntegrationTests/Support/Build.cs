using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>The programs under test, as eng/setup.sh built them.</summary>
internal static class Build
{
    public static string Nc => Find("nc");

    public static string Service => Find("trunkline-sctp");

    private static string Find(string name)
    {
        var directory = Environment.GetEnvironmentVariable("TRUNKLINE_ROOT") is { Length: > 0 } root ? root : AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Trunkline.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("not inside the repository");
        }

        var path = Path.Combine(directory, ".build", "bin", name);
        Assert.True(File.Exists(path), $"{path} is not there; eng/setup.sh makes it");
        return path;
    }
}
