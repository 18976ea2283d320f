using System.Text.Json.Nodes;
using Trunkline.ApiServer.OpenApi;
using Xunit;

namespace Trunkline.ApiServer.Tests.OpenApi;

public sealed class OpenApiDocumentsTests
{
    private static readonly OpenApiDocuments s_documents = new();

    [Fact]
    public void Every_group_of_the_index_has_a_document_whose_references_resolve()
    {
        foreach (var (path, _) in OpenApiDocuments.Index()["paths"]!.AsObject())
        {
            var text = System.Text.Encoding.UTF8.GetString(s_documents.Document(path)!);
            var schemas = JsonNode.Parse(text)!["components"]!["schemas"]!.AsObject();
            foreach (System.Text.RegularExpressions.Match match in System.Text.RegularExpressions.Regex.Matches(text, "\"#/components/schemas/([^\"]+)\""))
            {
                Assert.True(schemas.ContainsKey(match.Groups[1].Value), $"{path}: {match.Value}");
            }
        }
    }

    [Fact]
    public void An_unknown_group_has_no_document() => Assert.Null(s_documents.Document("apis/nothing/v1"));

    [Theory]
    [InlineData("api_v1", "api/v1", "io.k8s.api.core.v1.Pod io.k8s.api.core.v1.Container io.k8s.api.core.v1.Service io.k8s.api.core.v1.ServicePort io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")]
    [InlineData("apis_networking.k8s.io_v1", "apis/networking.k8s.io/v1", "io.k8s.api.networking.v1.NetworkPolicy io.k8s.api.networking.v1.NetworkPolicyPeer")]
    [InlineData("apis_apps_v1", "apis/apps/v1", "io.k8s.api.apps.v1.Deployment io.k8s.api.core.v1.PodTemplateSpec")]
    public void Schemas_have_the_published_fields(string file, string path, string schemas)
    {
        var golden = Path.Combine(Shared(), "golden", "01-discovery", $"openapi-v3-{file}.json");
        var published = JsonNode.Parse(File.ReadAllText(golden))!["components"]!["schemas"]!;
        var ours = JsonNode.Parse(s_documents.Document(path)!)!["components"]!["schemas"]!;
        foreach (var schema in schemas.Split(' '))
        {
            // The client's models are of a newer version than the recording: fields may be more, never fewer.
            var missing = published[schema]!["properties"]!.AsObject().Select(p => p.Key).Except(ours[schema]!["properties"]!.AsObject().Select(p => p.Key));
            Assert.Empty(missing);
            Assert.False(string.IsNullOrEmpty(ours[schema]!["description"]?.GetValue<string>()), $"{schema} has no description");
        }
    }

    [Fact]
    public void Clients_find_field_validation_and_merge_keys()
    {
        var document = JsonNode.Parse(s_documents.Document("api/v1")!)!;
        var parameters = document["paths"]!["/api/v1/namespaces/{namespace}/pods"]!["post"]!["parameters"]!.AsArray();
        Assert.Contains(parameters, p => p!["name"]!.GetValue<string>() == "fieldValidation");
        Assert.Equal("name", document["components"]!["schemas"]!["io.k8s.api.core.v1.PodSpec"]!["properties"]!["containers"]!["x-kubernetes-patch-merge-key"]!.GetValue<string>());
    }

    private static string Shared()
    {
        var shared = Environment.GetEnvironmentVariable("TRUNKLINE_SHARED");
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); shared is null && directory is not null; directory = directory.Parent)
        {
            var beside = Path.Combine(directory.FullName, "..", "shared");
            shared = File.Exists(Path.Combine(directory.FullName, "Trunkline.slnx")) && Directory.Exists(beside) ? beside : null;
        }

        Assert.SkipWhen(shared is null, "the recordings (../shared/golden) are not beside this checkout");
        return shared!;
    }
}
