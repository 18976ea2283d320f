using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Cli.Lint;

/// <summary>The files of a call: read all, write back those that were mended.</summary>
internal static class LintFiles
{
    /// <summary>Reads files, folders and standard input.</summary>
    public static async Task<IReadOnlyList<(LintFile File, FileText Text)>> ReadAsync(IReadOnlyList<string> paths, LintProgress progress, CancellationToken cancel)
    {
        var read = new List<(LintFile, FileText)>();
        try
        {
            foreach (var (path, isNamed) in paths.SelectMany(FileFinder.Find).DistinctBy(found => found.Path))
            {
                cancel.ThrowIfCancellationRequested();
                var text = FileText.Of(await BytesAsync(path, cancel));
                var file = LintFile.Read(new SourceText(path, text.Text), isNamed, path != "-" && FileFinder.IsHelmTemplate(path));
                if (text.Problem is not null && (isNamed || !path.EndsWith(".sh", StringComparison.Ordinal)))
                {
                    file.Problems.Add(new Problem(0, $"this file is {text.Problem}, and was not linted"));
                }

                read.Add((file, text));
                progress.Show($"read {read.Count} files", read.Count);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LintCallException($"{error.Message}.".Replace("..", ".", StringComparison.Ordinal));
        }

        return read;
    }

    /// <summary>Writes the files that were mended, each whole or not at all; tells how many.</summary>
    public static int Write(IReadOnlyList<(LintFile File, FileText Text)> before, IReadOnlyList<LintFile> after)
    {
        var written = 0;
        for (var i = 0; i < before.Count; i++)
        {
            if (before[i].File.Source.Text != after[i].Source.Text)
            {
                Replace(before[i].File.Source.Name, before[i].Text.Bytes(after[i].Source.Text));
                written++;
            }
        }

        return written;
    }

    private static async Task<byte[]> BytesAsync(string path, CancellationToken cancel)
    {
        await using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        using var bytes = new MemoryStream();
        var part = new byte[81920];
        // One byte more than is taken tells that it is too large, without reading the rest.
        while (bytes.Length <= FileText.MostBytes && await stream.ReadAsync(part, cancel) is > 0 and var count)
        {
            bytes.Write(part, 0, count);
        }

        return bytes.ToArray();
    }

    // Beside it and then in its place, so that an interruption leaves the old file; a link stays one, and the mode stays.
    private static void Replace(string path, byte[] bytes)
    {
        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        var beside = $"{target}.trunkline-{Environment.ProcessId}";
        try
        {
            File.WriteAllBytes(beside, bytes);
            File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
            File.Move(beside, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new LintCallException($"{path} cannot be written: {error.Message}");
        }
    }
}
