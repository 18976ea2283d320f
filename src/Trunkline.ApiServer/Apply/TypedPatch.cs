using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Patching;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.Apply;

/// <summary>
/// Apply works on typed values: a field that the type does not declare, or a value of another type, cannot be merged, whatever fieldValidation says. The words are
/// those of structured-merge-diff, its own print of its own values included.
/// </summary>
internal static class TypedPatch
{
    public static void Check(WriteRequest request, JsonObject patch)
    {
        if (PatchFacts.SchemaOf(request.Kind) is not { } schema)
        {
            return;
        }

        var errors = new List<string>();
        Node(patch, SchemaPlace.Root(schema), "", errors);
        if (errors.Count == 0)
        {
            return;
        }

        var place = request.StoredNamespace.Length > 0 ? request.StoredNamespace + "/" : "";
        var listed = errors.Count == 1 ? errors[0] : $"errors:\n  {string.Join("\n  ", errors)}";
        throw new ApiStatusException(
            500, "", $"failed to create typed patch object ({place}{request.Name}; {request.Kind.ApiVersion}, Kind={request.Kind.Kind}): {listed}");
    }

    private static void Node(JsonNode? node, SchemaPlace place, string path, List<string> errors)
    {
        if (node is null || place.Value is not { } wanted)
        {
            return;
        }

        switch (wanted.Kind)
        {
            case GoKind.Struct or GoKind.Map when node is not JsonObject:
                errors.Add($"{path}: expected map, got &{{{ParsedPatch.Print(node)}}}");
                break;
            case GoKind.List when node is not JsonArray:
                errors.Add($"{path}: expected list, got &{{{ParsedPatch.Print(node)}}}");
                break;
            case GoKind.Struct or GoKind.Map:
                Fields((JsonObject)node, place, path, errors);
                break;
            case GoKind.List:
                Items((JsonArray)node, place, path, errors);
                break;
            default:
                Scalar(node, wanted.Kind, path, errors);
                break;
        }
    }

    private static void Fields(JsonObject map, SchemaPlace place, string path, List<string> errors)
    {
        foreach (var (name, value) in map)
        {
            if (place.IsStruct && place.Child(name).Value is null)
            {
                errors.Add($"{path}.{name}: field not declared in schema");
            }
            else
            {
                Node(value, place.Child(name), $"{path}.{name}", errors);
            }
        }
    }

    private static void Items(JsonArray list, SchemaPlace place, string path, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var keyed = place.Fact.Set || place.Fact.MapKeys.Count > 0;
        for (var i = 0; i < list.Count; i++)
        {
            if (!keyed)
            {
                Node(list[i], place.Item(), $"{path}[{i}]", errors);
            }
            else if (PathElement.Item(list[i], place.Fact) is not { } element)
            {
                errors.Add($"{path}: element {i}: associative list with keys has an element that omits key field {JsonSerializer.Serialize(place.Fact.MapKeys[0])} (and doesn't have default value)");
            }
            else if (!seen.Add(element))
            {
                errors.Add($"{path}: duplicate entries for key {PathElement.Describe(element)}");
            }
            else
            {
                Node(list[i], place.Item(), path + PathElement.Describe(element), errors);
            }
        }
    }

    private static void Scalar(JsonNode node, GoKind wanted, string path, List<string> errors)
    {
        var given = node.GetValueKind();
        var complaint = wanted switch
        {
            GoKind.Whole32 or GoKind.Whole64 or GoKind.Real when given != JsonValueKind.Number => $"expected numeric (int or float), got {ParsedPatch.GoType(node)}",
            GoKind.Bool when given is not (JsonValueKind.True or JsonValueKind.False) => $"expected boolean, got &{{{ParsedPatch.Print(node)}}}",
            GoKind.Text or GoKind.Bytes or GoKind.Time or GoKind.MicroTime when given != JsonValueKind.String => $"expected string, got &value.valueUnstructured{{Value:{Printed(node)}}}",
            _ => null,
        };
        if (complaint is not null)
        {
            errors.Add($"{path}: {complaint}");
        }
    }

    private static string Printed(JsonNode node) => node is JsonObject or JsonArray ? ParsedPatch.Print(node) : node.ToJsonString();
}
