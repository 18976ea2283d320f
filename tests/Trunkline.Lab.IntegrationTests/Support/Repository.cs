namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>The checkout in which the tests were built, and what lies beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Trunkline => Path.Combine(Root, ".build", "bin", "trunkline", "trunkline");

    public static string Kubectl => File.Exists(Path.Combine(Root, ".build", "bin", "kubectl")) ? Path.Combine(Root, ".build", "bin", "kubectl") : "kubectl";

    public static string Manifest(string file) => Path.Combine(Root, "src", "Trunkline.Operations", "Guide", "Manifests", file);

    private static string Find(string from)
    {
        var directory = new DirectoryInfo(from);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Trunkline.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("Trunkline.slnx stands in no folder above the tests");
    }
}
