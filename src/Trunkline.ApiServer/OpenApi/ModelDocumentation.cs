using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;

namespace Trunkline.ApiServer.OpenApi;

/// <summary>What the official client's XML documentation says of its model types and their fields: the same sentences as in the published API.</summary>
internal sealed partial class ModelDocumentation
{
    private readonly Dictionary<string, string> _summaries = new(StringComparer.Ordinal);

    private ModelDocumentation()
    {
    }

    /// <summary>Reads the documentation packed into this assembly (see the project file).</summary>
    public static ModelDocumentation Load()
    {
        var book = new ModelDocumentation();
        using var packed = typeof(ModelDocumentation).Assembly.GetManifestResourceStream("KubernetesClient.xml.gz")!;
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        book.Read(unpacked);
        return book;
    }

    public string? Of(Type model) => _summaries.GetValueOrDefault($"T:{model.FullName}");

    public string? Of(Type model, string property) => _summaries.GetValueOrDefault($"P:{model.FullName}.{property}");

    private void Read(Stream xml)
    {
        using var reader = XmlReader.Create(xml, new XmlReaderSettings { IgnoreWhitespace = true, DtdProcessing = DtdProcessing.Prohibit });
        string? member = null;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.Name == "member")
            {
                var name = reader.GetAttribute("name") ?? "";
                member = name.StartsWith("P:k8s.Models.", StringComparison.Ordinal) || name.StartsWith("T:k8s.Models.", StringComparison.Ordinal) ? name : null;
            }
            else if (reader.Name == "summary" && member is not null)
            {
                _summaries[member] = Spaces().Replace(Text(reader.ReadInnerXml()), " ").Trim();
                member = null;
            }
        }
    }

    private static string Text(string xml) => System.Net.WebUtility.HtmlDecode(Tags().Replace(xml, ""));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
