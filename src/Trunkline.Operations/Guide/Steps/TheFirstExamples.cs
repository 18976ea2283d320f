using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Manifests;
using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>The first section's Pod, Service and policy.</summary>
internal sealed class TheFirstExamples : IGuideStep
{
    private const string Namespace = "project1";

    public string Title => "The first section's example Pod, Service and allow-sctp-on-http";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        await guide.NewProjectAsync(Namespace, cancel);
        await ExamplePodAsync(guide, cancel);

        var service = Manifest.Parse(Manifest.WithoutEllipsis(GuideManifests.Text(GuideManifests.ExampleService)));
        var made = await guide.CreateAsync(service, Namespace, cancel);
        guide.Say($"Service sctpserver accepted without its ... line: ClusterIP {made["spec"]!["clusterIP"]}, and no selector, so no endpoints");

        var web = await guide.SleeperAsync(GuideContext.DemoNamespace, "web", [new("role", "web")], node: null, cancel);
        var client = (await SctpDemo.FindAsync(guide, cancel)).Client;
        await PolicyAsync(guide, web, client, cancel);
        await guide.DeleteAsync(ResourcePath.Pod(GuideContext.DemoNamespace, "web"), cancel);
        await guide.DeleteAsync(new ResourcePath("/api/v1/namespaces", Namespace), cancel);
    }

    private static async Task PolicyAsync(GuideContext guide, PodInfo web, PodInfo client, CancellationToken cancel)
    {
        await using var on80 = await Listener.StartAsync(guide, web, 80, "--sctp", cancel);
        await using var on30100 = await Listener.StartAsync(guide, web, 30100, "--sctp", cancel);
        await using var tcp = await Listener.StartAsync(guide, web, 80, "", cancel);
        await new DenialProof(guide, _ => ProbeVerdict.Open).ProveAsync(
            GuideManifests.Object(GuideManifests.AllowSctpOnHttp),
            denied: [Flow.ToPod(client, web, 30100), Flow.ToPod(client, web, 80, sctp: false)],
            allowed: [Flow.ToPod(client, web, 80)],
            cancel);
    }

    // The "..." stands for what the reader adds: without it the server misses an image, and says so.
    private static async Task ExamplePodAsync(GuideContext guide, CancellationToken cancel)
    {
        const string missing = "Pod \"example-pod\" is invalid: spec.containers[0].image: Required value";
        var pod = Manifest.Parse(Manifest.WithoutEllipsis(GuideManifests.Text(GuideManifests.ExamplePod)));
        var path = ResourcePath.Of(pod, Namespace);
        var answer = await guide.Api.CreateAsync(path, pod, FieldValidation.Strict, cancel);
        GuideContext.Require((int)answer.StatusCode == 422 && answer.Message == missing, $"a Pod without image: {(int)answer.StatusCode}: {answer.Message}");
        guide.Say($"example-pod without its ... line, and without what it stands for: {answer.Message}");

        var container = pod["spec"]!["containers"]![0]!.AsObject();
        container["image"] = "registry.access.redhat.com/ubi8/ubi";
        pod["spec"]!["terminationGracePeriodSeconds"] = 0;
        container["command"] = new JsonArray("sleep", "inf");
        (await guide.Api.CreateAsync(path, pod, FieldValidation.Strict, cancel)).Expect("create example-pod with an image");
        guide.Say($"{await guide.RunningAsync(Namespace, "example-pod", cancel)}: accepted with an image, and Running");
    }
}
