using Trunkline.Operations.Lint;
using Trunkline.Operations.Lint.Sources;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Tests.Lint;

/// <summary>A folder of inputs as a run: files are named relative to it; objects of a folder <c>cluster</c> stand beside them.</summary>
internal sealed record LintFolder(IReadOnlyList<LintFile> Files, LintOptions Options)
{
    /// <summary>The folder of this repository's tests of the lint.</summary>
    public static string Root { get; } = Path.Combine(Repository(), "tests/Trunkline.Operations.Tests/Lint");

    public static async Task<LintFolder> ReadAsync(string folder, CancellationToken cancel)
    {
        var cluster = Path.Combine(folder, "cluster");
        var files = FileFinder.Find(folder).Where(file => !file.Path.StartsWith(cluster + "/", StringComparison.Ordinal) && !Path.GetFileName(file.Path).StartsWith("expected.", StringComparison.Ordinal))
            .Select(file => LintFile.Read(new SourceText(Path.GetRelativePath(folder, file.Path), File.ReadAllText(file.Path)))).ToList();
        var objects = Directory.Exists(cluster) ? await ArchiveObjects.ReadAsync(cluster, null, cancel) : null;
        return new LintFolder(files, new LintOptions { Cluster = objects });
    }

    public IReadOnlyList<LintFinding> Run(CancellationToken cancel) => Linter.Run(Files, Options, null, cancel);

    /// <summary>Findings as lines: <c>file:line:column RULE</c>.</summary>
    public static IEnumerable<string> Lines(IEnumerable<LintFinding> findings) => findings.Select(one => one.Finding)
        .OrderBy(one => one.Place?.File, StringComparer.Ordinal).ThenBy(one => one.Place?.Line).ThenBy(one => one.Place?.Column).ThenBy(one => one.Rule, StringComparer.Ordinal)
        .Select(one => $"{one.Place?.File}:{one.Place?.Line}:{one.Place?.Column} {one.Rule}");

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Trunkline.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("Trunkline.slnx stands in no folder above the tests");
    }
}
