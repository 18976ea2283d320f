using System.Diagnostics;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.MachineConfigs.Pools;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Simulation;

/// <summary>The same controllers against the lab's own API server, with the identity they have in a lab.</summary>
public class RealApiServerTests
{
    [Fact]
    public async Task A_life_of_a_cluster()
    {
        var token = TestContext.Current.CancellationToken;
        await using var api = await RealApi.StartAsync();
        using var admin = api.Client("O=system:masters, CN=system:admin");
        using var own = api.Client("CN=system:kube-controller-manager");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var log = new TestLog<ControllerHost>();
        var cluster = new ClusterClient(admin);
        var agents = new RealAgents(cluster);
        var options = Harness.Fast with { RootCertificateAuthority = api.AuthorityPem };
        var clock = Stopwatch.GetTimestamp();
        List<Task> running = [new ControllerHost(own, options, TimeProvider.System, log).RunAsync(stop.Token)];
        await agents.RegisterAsync(Make.Node("control-plane-0", n =>
        {
            n.Metadata.Uid = null;
            n.Metadata.Labels["node-role.kubernetes.io/master"] = "";
            n.Spec.Taints = [new V1Taint { Key = "node-role.kubernetes.io/master", Effect = "NoSchedule" }];
        }), token);
        await agents.RegisterAsync(Make.Worker("worker-0", with: n => n.Metadata.Uid = null), token);
        await agents.RegisterAsync(Make.Worker("worker-1", with: n => n.Metadata.Uid = null), token);
        running.Add(Task.Run(() => agents.RunAsync(stop.Token), token));

        try
        {
            await Until("both pools Updated", async () => await Is("master", "Updated") && await Is("worker", "Updated"));
            TestContext.Current.SendDiagnosticMessage($"pools Updated after {Stopwatch.GetElapsedTime(clock).TotalMilliseconds:f0} ms");
            var nodes = await cluster.ListAsync<V1Node>(ResourceTypes.Nodes, null, token);
            Assert.Equal(["10.128.0.0/23", "10.128.2.0/23", "10.128.4.0/23"], nodes.Items.Select(n => n.Spec.PodCIDR).Order());
            await Serve();
            await Roll();
            await End();
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
        }

        Assert.Null(log.Broke);

        async Task Serve()
        {
            await cluster.CreateAsync(ResourceTypes.Namespaces, Make.Namespace("demo"), token);
            await Until("default ServiceAccount", () => Exists<V1ServiceAccount>(ResourceTypes.ServiceAccounts, new ObjectKey("demo", "default")));
            var service = Make.Service("sctpservice", with: s => (s.Metadata.Uid, s.Spec.ClusterIP, s.Spec.Type) = (null, null, "NodePort"));
            await cluster.CreateAsync(ResourceTypes.Services, service, token);
            await cluster.CreateAsync(ResourceTypes.Deployments, Deployment(), token);
            await Until("two endpoints on two nodes", async () =>
                (await cluster.ListAsync<V1EndpointSlice>(ResourceTypes.EndpointSlices, "demo", token)).Items is [var slice]
                && slice.Endpoints?.Where(e => e.Conditions.Ready == true).Select(e => e.NodeName).Distinct().Count() == 2);
            await Until("Deployment available", async () =>
                (await cluster.GetAsync<V1Deployment>(ResourceTypes.Deployments, new ObjectKey("demo", "amf"), token)).Status?.AvailableReplicas == 2);
        }

        async Task Roll()
        {
            await cluster.CreateAsync(ResourceTypes.MachineConfigs, Make.LoadSctp(), token);
            Assert.True(await Is("worker", "Updated"), "the pool must still be Updated when the MachineConfig exists already");
            await Until("Updating", () => Is("worker", "Updating"));
            await Until("Updated", async () => agents.Rebooted.Count == 2 && await Is("worker", "Updated"));
            Assert.Equal(1, agents.MostCordoned);
            Assert.Equal(["worker-0", "worker-1"], agents.Rebooted);
            Assert.Contains("load-sctp-module", (await Pool("worker")).Status!.Configuration!.Source!.Select(s => s.Name));
        }

        async Task End()
        {
            await admin.CoreV1.DeleteNamespaceAsync("demo", cancellationToken: token);
            await Until("namespace gone", async () => !await Exists<V1Namespace>(ResourceTypes.Namespaces, new ObjectKey("", "demo")));
            Assert.Empty((await cluster.ListAsync<V1Pod>(ResourceTypes.Pods, "demo", token)).Items);
        }

        Task<MachineConfigPool> Pool(string name) => cluster.GetAsync<MachineConfigPool>(ResourceTypes.MachineConfigPools, new ObjectKey("", name), token);

        async Task<bool> Is(string pool, string condition) =>
            await Exists<MachineConfigPool>(ResourceTypes.MachineConfigPools, new ObjectKey("", pool))
            && PoolConditions.IsTrue((await Pool(pool)).Status?.Conditions ?? [], condition);

        async Task<bool> Exists<T>(ResourceType type, ObjectKey key)
            where T : IKubernetesObject<V1ObjectMeta>
        {
            try
            {
                await cluster.GetAsync<T>(type, key, token);
                return true;
            }
            catch (HttpOperationException e) when (ApiErrors.IsNotFound(e))
            {
                return false;
            }
        }

        async Task Until(string words, Func<Task<bool>> what)
        {
            var limit = Stopwatch.GetTimestamp();
            while (!await what())
            {
                if (running.FirstOrDefault(r => r.IsFaulted) is { } broken)
                {
                    await broken;
                }

                Assert.True(Stopwatch.GetElapsedTime(limit) < TimeSpan.FromSeconds(60), $"not within 60 s: {words}\n{string.Join('\n', log.Last(20))}");
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, token);
            }

            TestContext.Current.SendDiagnosticMessage($"{words}: {Stopwatch.GetElapsedTime(limit).TotalMilliseconds:f0} ms");
        }
    }

    private static V1Deployment Deployment()
    {
        var labels = new Dictionary<string, string> { ["app"] = "sctp" };
        return new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "amf", NamespaceProperty = "demo" },
            Spec = new V1DeploymentSpec
            {
                Replicas = 2,
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = labels },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "ubi8/ubi" }] },
                },
            },
        };
    }
}
