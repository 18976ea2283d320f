using System.Text.Json;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Runtime;

namespace Trunkline.Node.Pods.State;

/// <summary>The records of this node's Pods, one file each, always written whole.</summary>
internal sealed class PodStore(NodePaths paths, ILogger logger)
{
    private const string FileName = "state.json";

    public IReadOnlyList<PodRecord> LoadAll()
    {
        Directory.CreateDirectory(paths.Pods);
        var records = new List<PodRecord>();
        foreach (var directory in Directory.EnumerateDirectories(paths.Pods))
        {
            var file = Path.Join(directory, FileName);
            if (File.Exists(file) && Read(file) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    public void Save(PodRecord record)
    {
        var directory = paths.PodDirectory(record.Uid);
        Directory.CreateDirectory(directory);
        var file = Path.Join(directory, FileName);
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Default.PodRecord));
        File.Move(file + ".new", file, overwrite: true);
    }

    public void Delete(string podUid)
    {
        var directory = paths.PodDirectory(podUid);
        if (Directory.Exists(directory))
        {
            // The record first: a directory without one is swept away at the next start, a record without containers would be believed.
            File.Delete(Path.Join(directory, FileName));
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Directories that hold no record: left by an agent that ended while it deleted.</summary>
    public IEnumerable<string> Remnants() =>
        Directory.EnumerateDirectories(paths.Pods).Where(directory => !File.Exists(Path.Join(directory, FileName))).Select(path => Path.GetFileName(path));

    private PodRecord? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), StateJson.Default.PodRecord);
        }
        catch (JsonException exception)
        {
            PodLog.BadState(logger, file, exception.Message);
            return null;
        }
    }
}
