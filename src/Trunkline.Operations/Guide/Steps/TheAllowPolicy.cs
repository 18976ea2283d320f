using Trunkline.Operations.Cluster;
using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>The allow policy for istio-system's ingressgateway: as written it means something else than its text.</summary>
internal sealed class TheAllowPolicy : IGuideStep
{
    private const string Istio = "istio-system";
    private const int PolicyPort = 80;
    private static readonly KeyValuePair<string, string> s_gatewayLabel = new("app", "istio-ingressgateway");

    public string Title => "The allow policy for istio-system's ingressgateway: OR instead of AND, and a port that nothing serves";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        var demo = await SctpDemo.FindAsync(guide, cancel);
        await guide.NewProjectAsync(Istio, cancel);
        var gateway = await guide.SleeperAsync(Istio, "ingressgateway", [s_gatewayLabel], node: null, cancel);
        var neighbour = await guide.SleeperAsync(Istio, "not-a-gateway", [new("app", "other")], node: null, cancel);
        var pretender = await guide.SleeperAsync(GuideContext.DemoNamespace, "pretender", [s_gatewayLabel], node: null, cancel);
        await using var sctp = await Listener.StartAsync(guide, demo.Server, SctpDemo.Port, "--sctp", cancel);
        await using var tcp = await Listener.StartAsync(guide, demo.Server, SctpDemo.Port, "", cancel);

        Flow To(PodInfo client, int port, bool overSctp = true) => Flow.ToPod(client, demo.Server, port, overSctp);
        var proof = new DenialProof(guide, flow => flow.Port == PolicyPort ? ProbeVerdict.Refused : ProbeVerdict.Open);

        guide.Say("as written: port 80 passes for all of istio-system and for any own Pod with the label, though nothing serves it; 30102 passes for nobody:");
        await proof.ProveAsync(
            GuideManifests.Object(GuideManifests.AllowPolicy),
            denied: [To(gateway, SctpDemo.Port), To(demo.Client, PolicyPort)],
            allowed: [To(gateway, PolicyPort), To(neighbour, PolicyPort), To(pretender, PolicyPort)],
            cancel);

        guide.Say("corrected: exactly the gateway's Pods, at 30102, over SCTP:");
        await proof.ProveAsync(
            GuideManifests.Object(GuideManifests.CorrectedAllowPolicy),
            denied: [To(neighbour, SctpDemo.Port), To(pretender, SctpDemo.Port), To(demo.Client, SctpDemo.Port), To(gateway, SctpDemo.Port, overSctp: false)],
            allowed: [To(gateway, SctpDemo.Port)],
            cancel);

        await guide.DeleteAsync(new ResourcePath("/api/v1/namespaces", Istio), cancel);
        await guide.DeleteAsync(ResourcePath.Pod(GuideContext.DemoNamespace, "pretender"), cancel);
    }
}
