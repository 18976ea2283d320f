using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Trunkline.Operations.Cluster;

/// <summary>Reads a YAML manifest as Kubernetes clients do: the first document, scalars by YAML 1.1, so that <c>mode: 0644</c> is 420.</summary>
public static class Manifest
{
    /// <summary>Reads the first document of a manifest.</summary>
    /// <exception cref="ClusterException">The text is not YAML, or not a mapping.</exception>
    public static JsonObject Parse(string yaml)
    {
        // "..." ends a document; clients read only what stands before it, so what follows must not disturb us either.
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(FirstDocument(yaml)));
        }
        catch (YamlException e)
        {
            throw new ClusterException($"the manifest is not YAML: line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }

        return stream.Documents.Count > 0 && Convert(stream.Documents[0].RootNode) is JsonObject root
            ? root
            : throw new ClusterException("the manifest holds no object");
    }

    /// <summary>The manifest without the <c>...</c> lines by which the guide's text leaves things out.</summary>
    public static string WithoutEllipsis(string yaml) =>
        string.Join('\n', yaml.Split('\n').Where(line => line.TrimEnd() != "..."));

    private static string FirstDocument(string yaml) =>
        string.Join('\n', yaml.Split('\n').TakeWhile(line => line.TrimEnd() != "..."));

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(
            child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value ?? "", Convert(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => throw new ClusterException($"line {node.Start.Line}: an alias cannot be read here"),
    };

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "yes" or "on" => JsonValue.Create(true),
            "false" or "False" or "no" or "off" => JsonValue.Create(false),
            _ when Octal(text, out var octal) => JsonValue.Create(octal),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static bool Octal(string text, out long value)
    {
        value = 0;
        if (text.Length < 2 || text[0] != '0' || !text.All(c => c is >= '0' and <= '7'))
        {
            return false;
        }

        value = System.Convert.ToInt64(text, 8);
        return true;
    }
}
