using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Trunkline.Operations.Manifests;

/// <summary>A mapping or sequence whose end has not been read.</summary>
internal sealed class OpenNode(NodeEvent start)
{
    // Of one merge key after the other, each may name all entries of those before: counted, as aliases are.
    private const int MostMerged = 100_000;

    private readonly List<ManifestNode> _read = [];

    public AnchorName Anchor => start.Anchor;

    public void Add(ManifestNode node)
    {
        if (start is MappingStart && _read.Count % 2 == 0 && node.Text is null)
        {
            throw new ManifestException("a key is a mapping or a list; keys are words", node.Start);
        }

        _read.Add(node);
    }

    public ManifestNode Close(ManifestMark end) => start is MappingStart mapping
        ? ManifestNode.Mapping(Entries(), mapping.Style == MappingStyle.Flow, ManifestReader.Mark(start.Start), end)
        : ManifestNode.Sequence(_read, start is SequenceStart { Style: SequenceStyle.Flow }, ManifestReader.Mark(start.Start), end);

    private List<ManifestEntry> Entries()
    {
        var entries = new List<ManifestEntry>();
        var merged = new List<ManifestEntry>();
        for (var i = 0; i + 1 < _read.Count; i += 2)
        {
            if (_read[i] is { Text: "<<", Style: ScalarStyle.Plain })
            {
                merged.AddRange((_read[i + 1].Items ?? [_read[i + 1]]).SelectMany(from => from.Entries ?? []).Select(entry => entry with { Merged = true }));
            }
            else
            {
                entries.Add(new ManifestEntry(_read[i], _read[i + 1]));
            }
        }

        if (merged.Count > MostMerged)
        {
            throw new ManifestException($"merge keys make more than {MostMerged} entries of it", ManifestReader.Mark(start.Start));
        }

        return [.. entries, .. merged];
    }
}
