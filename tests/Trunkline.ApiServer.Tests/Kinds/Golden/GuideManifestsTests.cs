using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds.Golden;

/// <summary>The guide's manifests, as written, against what the real server said to each (golden/02-seed, 10-seed-extra).</summary>
public sealed class GuideManifestsTests
{
    [Theory]
    [InlineData("01-pod-example-pod.yaml", "The Pod \"example-pod\" is invalid: spec.containers[0].image: Required value")]
    [InlineData("02-service-sctpserver.yaml", "The Service \"sctpserver\" is invalid: spec.ports: Required value")]
    [InlineData("03-networkpolicy-allow-sctp-on-http.yaml", "")]
    [InlineData("04-machineconfig-load-sctp-module.yaml", "")]
    [InlineData("05-pod-sctpserver.yaml", "")]
    [InlineData("06-service-sctpservice.yaml", "")]
    [InlineData("07-pod-sctpclient.yaml", "")]
    [InlineData("08-networkpolicy-sctp-deny-other-namespaces.yaml", "NetworkPolicy in version \"v1\" cannot be handled as a NetworkPolicy: strict decoding error: unknown field \"metadata.spec\"")]
    [InlineData("09-networkpolicy-sctp-demo-allow.yaml", "")]
    public void A_strict_client_hears_what_the_real_server_says(string manifest, string refusal)
    {
        var (kind, json) = Read(manifest);
        var error = Record.Exception(() => Writes.Create(kind, json)) as ApiStatusException;
        Assert.Equal(refusal, error is null ? "" : error.Code == 422 ? "The " + error.Message : error.Message);
    }

    [Fact]
    public void A_lenient_client_gets_a_policy_that_denies_all_ingress()
    {
        var (kind, json) = Read("08-networkpolicy-sctp-deny-other-namespaces.yaml");
        var outcome = Writes.Create(kind, json, "Ignore");
        Assert.Equal("""{"podSelector":{},"policyTypes":["Ingress"]}""", outcome.Object!["spec"]!.ToJsonString());
        Assert.Empty(outcome.Warnings);
        Assert.Equal(["unknown field \"metadata.spec\""], Writes.Create(kind, json, "Warn").Warnings);
    }

    private static (ResourceKind Kind, string Json) Read(string manifest)
    {
        Assert.SkipWhen(GoldenExchange.Folder is null, "shared/ is absent");
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(GoldenExchange.Folder)!, "guide", "manifests", manifest));

        // "..." at column 0 ends a document: clients drop what follows.
        var json = YamlToJson.Convert(text.Split("\n...")[0]);
        var document = JsonNode.Parse(json)!;
        return (KindCatalog.FindKind(document["apiVersion"]!.GetValue<string>(), document["kind"]!.GetValue<string>())!, json);
    }
}
