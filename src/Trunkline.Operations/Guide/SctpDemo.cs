namespace Trunkline.Operations.Guide;

/// <summary>What the guide's third section leaves: the server, its Service and the client.</summary>
internal sealed record SctpDemo(PodInfo Server, PodInfo Client, string ClusterIP, int NodePort)
{
    public const int Port = 30102;

    public static async Task<SctpDemo> FindAsync(GuideContext guide, CancellationToken cancel)
    {
        var service = (await guide.Api.GetAsync($"/api/v1/namespaces/{GuideContext.DemoNamespace}/services/sctpservice", cancel)).Expect("get svc sctpservice");
        return new SctpDemo(
            await guide.RunningAsync(GuideContext.DemoNamespace, "sctpserver", cancel),
            await guide.RunningAsync(GuideContext.DemoNamespace, "sctpclient", cancel),
            GuideContext.Text(service["spec"]!["clusterIP"]),
            service["spec"]!["ports"]![0]!["nodePort"]!.GetValue<int>());
    }
}
