using Trunkline.Operations.Cluster;
using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>The deny policy: as written it depends on the client, and what a lenient one stores denies everything.</summary>
internal sealed class TheDenyPolicy : IGuideStep
{
    private const string OtherNamespace = "other-project";

    private const string Refusal =
        "NetworkPolicy in version \"v1\" cannot be handled as a NetworkPolicy: strict decoding error: unknown field \"metadata.spec\"";

    public string Title => "The deny policy: refused to kubectl, silently deny-all from oc, and corrected";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        var demo = await SctpDemo.FindAsync(guide, cancel);
        await guide.NewProjectAsync(OtherNamespace, cancel);
        var stranger = await guide.SleeperAsync(OtherNamespace, "stranger", [], node: null, cancel);
        await using var listener = await Listener.StartAsync(guide, demo.Server, SctpDemo.Port, "--sctp", cancel);
        await RefusedAsync(guide, cancel);
        await SilentAsync(guide, cancel);

        var same = Flow.ToPod(demo.Client, demo.Server, SctpDemo.Port);
        var service = same with { Address = demo.ClusterIP };
        var other = Flow.ToPod(stranger, demo.Server, SctpDemo.Port);
        var workers = await guide.NodesAsync("worker", cancel);
        var outside = workers.Select(worker => Flow.ThroughNode(worker, demo, guide.Machines.ExternalAddress)).ToList();

        var proof = new DenialProof(guide, _ => ProbeVerdict.Open);
        guide.Say("as written, from a lenient client:");
        await proof.ProveAsync(GuideManifests.Object(GuideManifests.DenyPolicy), [same, service, other, .. outside], [], cancel);
        guide.Say("corrected:");
        await proof.ProveAsync(GuideManifests.Object(GuideManifests.CorrectedDenyPolicy), [other, .. outside], [same, service], cancel);
        await guide.DeleteAsync(new ResourcePath("/api/v1/namespaces", OtherNamespace), cancel);
    }

    private static async Task RefusedAsync(GuideContext guide, CancellationToken cancel)
    {
        var manifest = GuideManifests.Object(GuideManifests.DenyPolicy);
        var answer = await guide.Api.CreateAsync(ResourcePath.Of(manifest, GuideContext.DemoNamespace), manifest, FieldValidation.Strict, cancel);
        GuideContext.Require((int)answer.StatusCode == 400 && answer.Message == Refusal, $"a strict client got {(int)answer.StatusCode}: {answer.Message}");
        guide.Say($"a strict client (kubectl) is refused with 400: {answer.Message}");
    }

    private static async Task SilentAsync(GuideContext guide, CancellationToken cancel)
    {
        var manifest = GuideManifests.Object(GuideManifests.DenyPolicy);
        var path = ResourcePath.Of(manifest, GuideContext.DemoNamespace);
        var answer = await guide.Api.CreateAsync(path, manifest, FieldValidation.Ignore, cancel);
        var spec = answer.Expect("create the deny policy as oc does")["spec"]?.ToJsonString();
        GuideContext.Require((int)answer.StatusCode == 201 && answer.Warnings.Count == 0, $"a lenient client got {(int)answer.StatusCode} with {answer.Warnings.Count} warnings");
        GuideContext.Require(spec == """{"podSelector":{},"policyTypes":["Ingress"]}""", $"what was stored is {spec}");
        guide.Say($"a lenient client (oc, fieldValidation=Ignore) gets 201 and no warning; stored is spec {spec}: deny all ingress");
        await guide.DeleteAsync(path, cancel);
    }
}
