using System.Net;
using System.Text.Json.Nodes;
using Trunkline.Operations.Captures;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Machines;
using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>Before anything: a worker's Pods have no SCTP, and it is the missing module that answers, not a rule.</summary>
internal sealed class SctpIsOff : IGuideStep
{
    private const string Namespace = "before-sctp";
    private const int Port = 30102;

    public string Title => "Before anything: SCTP is off";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        await guide.NewProjectAsync(Namespace, cancel);
        var worker = (await guide.NodesAsync("worker", cancel))[0];
        var pod = await guide.SleeperAsync(Namespace, "listener", [new("app", "before")], GuideContext.Text(worker["metadata"]!["name"]), cancel);
        await NoSocketAsync(guide, pod, cancel);

        // The outside host is given the route that a router beside the cluster would have, so that it can ask the Pod itself.
        var podNetwork = GuideContext.Text(worker["spec"]!["podCIDR"]);
        await guide.Machines.ReadAsync(MachineNames.External, ["ip", "route", "replace", podNetwork, "via", GuideContext.AddressOf(worker)], cancel);
        await ProtocolUnreachableAsync(guide, pod, "directly", pod.Address, Port, cancel);

        var nodePort = await ServiceAsync(guide, pod, cancel);
        await ProtocolUnreachableAsync(guide, pod, "through a Service", GuideContext.AddressOf(worker), nodePort, cancel);
        await ForwardedAsync(guide, pod, cancel);
        await guide.DeleteAsync(new ResourcePath("/api/v1/namespaces", Namespace), cancel);
    }

    private static async Task NoSocketAsync(GuideContext guide, PodInfo pod, CancellationToken cancel)
    {
        var result = await PodExec.RunAsync(guide.Api, pod.Namespace, pod.Name, ["nc", "-l", $"{Port}", "--sctp"], cancel);
        GuideContext.Require(
            result.ExitCode != 0 && result.Error.Contains("Protocol not supported", StringComparison.Ordinal),
            $"nc -l {Port} --sctp should fail with Protocol not supported, but ended with {result.ExitCode}: {result.Error.Trim()}");
        guide.Say($"nc -l {Port} --sctp in {pod}: {result.Error.Trim()} (exit status {result.ExitCode})");
    }

    // A NodePort Service to the Pod: an INIT through it is translated, and the Pod's own kernel answers it.
    private static async Task<int> ServiceAsync(GuideContext guide, PodInfo pod, CancellationToken cancel)
    {
        var service = GuideManifests.Object(GuideManifests.Service);
        service["metadata"]!["name"] = "before";
        service["spec"]!["selector"] = new JsonObject { ["app"] = "before" };
        var made = await guide.CreateAsync(service, Namespace, cancel);
        await guide.EventuallyAsync("the Service's endpoint", TimeSpan.FromSeconds(10), async () =>
        {
            var slices = await guide.Api.GetAsync(
                $"/apis/discovery.k8s.io/v1/namespaces/{Namespace}/endpointslices?labelSelector=kubernetes.io/service-name=before", cancel);
            return slices.Expect("list endpointslices").ToJsonString().Contains(pod.Address, StringComparison.Ordinal) ? slices : null;
        }, cancel);
        return made["spec"]!["ports"]![0]!["nodePort"]!.GetValue<int>();
    }

    private static async Task ProtocolUnreachableAsync(
        GuideContext guide, PodInfo pod, string how, string address, int port, CancellationToken cancel)
    {
        var answer = await guide.EventuallyAsync($"ICMP type 3 code 2 from {pod.Address} {how}", TimeSpan.FromSeconds(10), async () =>
        {
            await using var atPod = await guide.CaptureAsync(pod.Wire, "sctp or icmp", cancel);
            var result = await guide.Machines.RunAsync(
                MachineNames.External, ["nc", "-v", "-z", "-w", "1", "--sctp", address, $"{port}"], cancel);
            var packets = await atPod.StopAsync(cancel);
            var icmp = packets.FirstOrDefault(p => p.Icmp == (3, 2) && p.Source.Equals(IPAddress.Parse(pod.Address)));
            var aborts = packets.Count(p => p.Chunks.Contains("ABORT"));
            GuideContext.Require(aborts == 0, $"{aborts} ABORTs at {pod}, although nothing there speaks SCTP");
            return icmp is not null && packets.Any(p => p.Chunks.Contains("INIT")) ? $"{icmp}; the caller's nc: {Netcat.LastWords(result)}" : null;
        }, cancel);
        guide.Say($"an INIT to {address}:{port} {how} arrived in the Pod and was answered by its kernel: {answer}");
    }

    // The worker has no SCTP, and still carries other people's: an INIT that only passes through it arrives.
    private static async Task ForwardedAsync(GuideContext guide, PodInfo pod, CancellationToken cancel)
    {
        var outside = new CapturePoint("outside-host", MachineNames.External, NetworkNamespace: null);
        await using var capture = await guide.CaptureAsync(outside, "sctp", cancel);

        var send = pod.Wire.Enter(
            Environment.ProcessPath!, "lab-process", "send-init", "--source", pod.Address, "--destination", guide.Machines.ExternalAddress, "--port", "9");
        await guide.Machines.ReadAsync(pod.Node, send, cancel);
        await guide.EventuallyAsync("the forwarded INIT outside", TimeSpan.FromSeconds(5), () =>
            Task.FromResult(PcapReader.Read(ReadShared(capture.Path)).Any(p => p.Chunks.Contains("INIT") && p.DestinationPort == 9) ? capture : null), cancel);
        guide.Say($"an INIT routed through {pod.Node} to {guide.Machines.ExternalAddress} was forwarded and arrived");
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
