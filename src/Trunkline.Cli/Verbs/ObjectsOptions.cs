using System.CommandLine;
using Trunkline.Cli.Output;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Cli.Verbs;

/// <summary>The options of verbs that look at a cluster's objects: a live cluster, or an archive of one.</summary>
internal sealed class ObjectsOptions
{
    private readonly ClusterOptions _cluster = new();

    /// <summary>The archive.</summary>
    public Option<string?> From { get; } = new("--from") { Description = "Read a must-gather, an `oc adm inspect`, or any folder, tar, tar.gz or file of objects in place of a cluster.", HelpName = "FILE|DIR" };

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        _cluster.AddTo(command);
        command.Options.Add(From);
    }

    /// <summary>The namespace that was named; null where none was.</summary>
    public string? Namespace(ParseResult parsed) => parsed.GetValue(_cluster.Namespace);

    /// <summary>Reads; says on standard error of a terminal what is being read.</summary>
    /// <param name="parsed">The call.</param>
    /// <param name="kinds">The kinds that are needed.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The objects, and the namespace of names that have none.</returns>
    public async Task<(ClusterObjects Objects, string Namespace)> ReadAsync(ParseResult parsed, IReadOnlyList<ResourceKind> kinds, CancellationToken cancel)
    {
        if (parsed.GetValue(From) is { } archive)
        {
            var read = await ArchiveObjects.ReadAsync(archive, files => ProgressLine.Say($"{files} files read"), cancel);
            ProgressLine.Say("");
            return (read, Namespace(parsed) ?? "default");
        }

        using var api = new ClusterApi(_cluster.Target(parsed));
        var objects = await LiveObjects.ReadAsync(api, kinds, null, (kind, count) => ProgressLine.Say($"{count} {kind} read"), cancel);
        ProgressLine.Say("");
        return (objects, api.Namespace);
    }
}
