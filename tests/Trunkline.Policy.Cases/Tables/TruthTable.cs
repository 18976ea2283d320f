using System.Text;

namespace Trunkline.Policy.Cases.Tables;

/// <summary>
/// Who reaches whom, for every probe. As text: one square for all probes that have the same answers, rows are sources, columns destinations, <c>.</c> is allowed,
/// <c>X</c> denied. "SCTP 80" means both families, "IPv6 SCTP 80" one.
/// </summary>
public sealed class TruthTable(IReadOnlyList<string> pods)
{
    private readonly Dictionary<(Probe Probe, string Source, string Destination), bool> _cells = [];

    /// <summary>Namespace and name, in the order of the documents.</summary>
    public IReadOnlyList<string> Pods { get; } = pods;

    public bool this[Probe probe, string source, string destination]
    {
        get => _cells[(probe, source, destination)];
        set => _cells[(probe, source, destination)] = value;
    }

    /// <summary>Every cell, filled by whoever judges.</summary>
    public static TruthTable Fill(IReadOnlyList<string> pods, Func<Probe, int, int, bool> judge)
    {
        var table = new TruthTable(pods);
        foreach (var probe in Probe.All)
        {
            for (var source = 0; source < pods.Count; source++)
            {
                for (var destination = 0; destination < pods.Count; destination++)
                {
                    table[probe, pods[source], pods[destination]] = judge(probe, source, destination);
                }
            }
        }

        return table;
    }

    public static TruthTable Parse(string text)
    {
        TruthTable? table = null;
        List<Probe> probes = [];
        List<string> columns = [];
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[^1] == ':')
            {
                (probes, columns) = ([.. line[..^1].Split(", ").SelectMany(ProbesOf)], []);
                continue;
            }

            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Count == 0)
            {
                columns = [.. words];
                table ??= new TruthTable(columns);
                continue;
            }

            foreach (var (probe, column) in from probe in probes from column in Enumerable.Range(0, columns.Count) select (probe, column))
            {
                table![probe, words[0], columns[column]] = words[column + 1] switch { "." => true, "X" => false, _ => throw new FormatException(line) };
            }
        }

        return table is not null && table._cells.Count == Probe.All.Count * table.Pods.Count * table.Pods.Count
            ? table
            : throw new FormatException("the table has not a cell for every probe between all of its Pods");
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var same in Probe.All.GroupBy(Square))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(string.Join(", ", Names([.. same]))).Append(":\n").Append(same.Key);
        }

        return text.ToString();
    }

    private string Square(Probe probe)
    {
        var width = Pods.Max(pod => pod.Length);
        var text = new StringBuilder(new string(' ', width));
        foreach (var pod in Pods)
        {
            text.Append(' ').Append(pod.PadRight(width));
        }

        text.Length = text.ToString().TrimEnd().Length;
        foreach (var source in Pods)
        {
            text.Append('\n').Append(source.PadRight(width));
            foreach (var destination in Pods)
            {
                text.Append(' ').Append((this[probe, source, destination] ? "." : "X").PadRight(destination == Pods[^1] ? 1 : width));
            }
        }

        return text.Append('\n').ToString();
    }

    private static IEnumerable<string> Names(List<Probe> probes) => probes.Select(probe => probe.Service).Distinct().Select(service =>
        probes.Where(probe => probe.Service == service).ToList() is [var one] ? $"{one}" : service);

    private static IEnumerable<Probe> ProbesOf(string name) => Probe.All.Where(probe => $"{probe}" == name || probe.Service == name) is var found && found.Any()
        ? found
        : throw new FormatException($"{name} is no probe");
}
