using System.Net;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>The project and the three manifests, as written.</summary>
internal sealed class DeployServerAndClient : IGuideStep
{
    private static readonly IPNetwork s_services = IPNetwork.Parse("172.30.0.0/16");

    public string Title => "oc new-project sctp-demo, and the three manifests";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        await guide.NewProjectAsync(GuideContext.DemoNamespace, cancel);
        foreach (var file in new[] { GuideManifests.ServerPod, GuideManifests.Service, GuideManifests.ClientPod })
        {
            await guide.CreateAsync(GuideManifests.Object(file), GuideContext.DemoNamespace, cancel);
        }

        foreach (var name in new[] { "sctpserver", "sctpclient" })
        {
            var pod = await guide.RunningAsync(GuideContext.DemoNamespace, name, cancel);
            await guide.EventuallyAsync($"dnf install -y nc complete in {pod}", TimeSpan.FromSeconds(20), async () =>
            {
                var log = await guide.Api.ReadTextAsync($"{ResourcePath.Pod(GuideContext.DemoNamespace, name).Path}/log", cancel);
                return log.Contains("Complete!", StringComparison.Ordinal) ? pod : null;
            }, cancel);
            guide.Say($"{pod} is Running, and its log shows that dnf install -y nc has run");
        }

        var demo = await SctpDemo.FindAsync(guide, cancel);
        GuideContext.Require(s_services.Contains(IPAddress.Parse(demo.ClusterIP)), $"ClusterIP {demo.ClusterIP} is not in {s_services}");
        GuideContext.Require(demo.NodePort is >= 30000 and <= 32767, $"nodePort {demo.NodePort} is not in 30000-32767");
        guide.Say($"Service sctpservice has ClusterIP {demo.ClusterIP} and nodePort {demo.NodePort}");
    }
}
