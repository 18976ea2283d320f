using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.ApiServer.Validation.Decoding;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds.Golden;

/// <summary>Our schemas against the published OpenAPI.</summary>
public sealed class PublishedSchemaTests
{
    // Fields that the newer client no longer knows.
    private static readonly HashSet<string> Dropped = ["PodResourceClaim.source", "VolumeResourceRequirements.claims", "PersistentVolumeClaimStatus.resizeStatus"];

    public static TheoryData<string, Type> Roots => new()
    {
        { "openapi-v3-api_v1.json", typeof(V1Pod) },
        { "openapi-v3-api_v1.json", typeof(V1Service) },
        { "openapi-v3-api_v1.json", typeof(V1Namespace) },
        { "openapi-v3-api_v1.json", typeof(V1Node) },
        { "openapi-v3-api_v1.json", typeof(V1Endpoints) },
        { "openapi-v3-api_v1.json", typeof(V1ConfigMap) },
        { "openapi-v3-api_v1.json", typeof(V1Secret) },
        { "openapi-v3-api_v1.json", typeof(V1ServiceAccount) },
        { "openapi-v3-api_v1.json", typeof(Corev1Event) },
        { "openapi-v3-apis_networking.k8s.io_v1.json", typeof(V1NetworkPolicy) },
        { "openapi-v3-apis_discovery.k8s.io_v1.json", typeof(V1EndpointSlice) },
        { "openapi-v3-apis_apps_v1.json", typeof(V1Deployment) },
        { "openapi-v3-apis_apps_v1.json", typeof(V1ReplicaSet) },
        { "openapi-v3-apis_apps_v1.json", typeof(V1DaemonSet) },
    };

    [Theory]
    [MemberData(nameof(Roots))]
    public void Every_published_field_is_known_with_its_type_and_structs_by_value_are_always_written(string file, Type model)
    {
        Assert.SkipWhen(GoldenExchange.Folder is null, "golden/ is absent");
        var text = File.ReadAllText(Path.Combine(GoldenExchange.Folder!, "01-discovery", file));
        var schemas = JsonNode.Parse(text)!["components"]!["schemas"]!.AsObject();
        var wrong = new List<string>();
        var root = schemas.First(s => s.Key.EndsWith("." + ModelSchema.GoName(model), StringComparison.Ordinal) && s.Key.Contains(".api.", StringComparison.Ordinal));
        Compare(schemas, root.Value!.AsObject(), ModelSchema.Of(model), [], wrong);
        Assert.Empty(wrong);
    }

    private static void Compare(JsonObject schemas, JsonObject published, TypeSchema ours, HashSet<string> seen, List<string> wrong)
    {
        if (!seen.Add(ours.Name))
        {
            return;
        }

        foreach (var (name, property) in published["properties"]!.AsObject())
        {
            var at = $"{ours.Name}.{name}";
            if (!ours.ByName.TryGetValue(name, out var field))
            {
                if (!Dropped.Contains(at))
                {
                    wrong.Add(at + " is not known");
                }

                continue;
            }

            if (property!["default"] is JsonObject { Count: 0 } && property["type"]?.GetValue<string>() != "array" && field.Presence != Presence.Always)
            {
                wrong.Add(at + " is a struct by value");
            }

            CompareValue(schemas, at, property.AsObject(), field.Value, seen, wrong);
        }
    }

    private static void CompareValue(JsonObject schemas, string at, JsonObject property, ValueSchema ours, HashSet<string> seen, List<string> wrong)
    {
        var reference = property["$ref"]?.GetValue<string>() ?? property["allOf"]?[0]?["$ref"]?.GetValue<string>();
        if (reference is not null)
        {
            var target = schemas[reference[(reference.LastIndexOf('/') + 1)..]]!.AsObject();
            if (target["properties"] is JsonObject && ours.Struct is { } type)
            {
                Compare(schemas, target, type, seen, wrong);
            }
            else
            {
                Expect(at, target, ours, wrong);
            }

            return;
        }

        Expect(at, property, ours, wrong);
        if (ours.Element is { } element && (property["items"] ?? property["additionalProperties"]) is JsonObject inner)
        {
            CompareValue(schemas, at, inner, element, seen, wrong);
        }
    }

    private static void Expect(string at, JsonObject published, ValueSchema ours, List<string> wrong)
    {
        var (type, format) = (published["type"]?.GetValue<string>(), published["format"]?.GetValue<string>());
        GoKind[] fits = (type, format) switch
        {
            ("integer", "int32") => [GoKind.Whole32],
            ("integer", _) => [GoKind.Whole64],
            ("boolean", _) => [GoKind.Bool],
            ("string", "date-time") => [GoKind.Time, GoKind.MicroTime],
            ("string", "byte") => [GoKind.Bytes],
            ("string", "int-or-string") or (null, "int-or-string") => [GoKind.IntOrString],
            ("string", _) => [GoKind.Text, GoKind.Quantity],
            ("array", _) => [GoKind.List],
            ("object", _) => [GoKind.Map, GoKind.Struct, GoKind.Any],
            _ => [ours.Kind],
        };
        if (!fits.Contains(ours.Kind))
        {
            wrong.Add($"{at} is {type}/{format}, not {ours.Kind}");
        }
    }
}
