using System.Globalization;

namespace Trunkline.ApiServer.Protobuf;

/// <summary>The facts of messages.txt: which message a kind is, and what a message's field numbers mean.</summary>
internal sealed class ProtobufTable
{
    private static readonly Lazy<ProtobufTable> s_instance = new(Load);
    private readonly Dictionary<(string ApiVersion, string Kind), string> _kinds = [];
    private readonly Dictionary<string, Dictionary<int, ProtobufField>> _messages = new(StringComparer.Ordinal);

    public static ProtobufTable Instance => s_instance.Value;

    public IEnumerable<(string ApiVersion, string Kind)> Kinds => _kinds.Keys;

    /// <summary>The name of the message that a kind is; null for a kind that has none.</summary>
    public string? MessageOf(string apiVersion, string kind) => _kinds.GetValueOrDefault((apiVersion, kind));

    /// <summary>The fields of a message, by number.</summary>
    public IReadOnlyDictionary<int, ProtobufField> Fields(string message) => _messages[message];

    /// <summary>Whether a field's type is a message of this table.</summary>
    public bool IsMessage(string type) => _messages.ContainsKey(type);

    private static ProtobufTable Load()
    {
        var table = new ProtobufTable();
        using var stream = typeof(ProtobufTable).Assembly.GetManifestResourceStream("Trunkline.ApiServer.Protobuf.messages.txt")!;
        using var reader = new StreamReader(stream);
        Dictionary<int, ProtobufField>? message = null;
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0] == "#")
            {
                continue;
            }

            if (words[0] == "kind")
            {
                table._kinds.Add((words[1], words[2]), words[3]);
            }
            else if (line[0] != ' ')
            {
                table._messages.Add(words[0], message = []);
            }
            else
            {
                message!.Add(int.Parse(words[0], CultureInfo.InvariantCulture), Field(words));
            }
        }

        return table;
    }

    private static ProtobufField Field(string[] words)
    {
        var map = words[2] == "map";
        var type = words[map ? 3 : 2];
        var repeated = type.EndsWith("[]", StringComparison.Ordinal);
        return new ProtobufField(words[1] == "-" ? null : words[1], repeated ? type[..^2] : type, repeated, map, words[^1] == "keep");
    }
}
