using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Kinds.Strategies;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds;

public sealed class TableCellTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 0, 1, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "services", """{"spec":{"type":"NodePort","clusterIPs":["172.30.1.1"],"ports":[{"port":30102,"nodePort":31234,"protocol":"SCTP"}],"selector":{"app":"x"}}}""", "n|NodePort|172.30.1.1|<none>|30102:31234/SCTP|1m|app=x")]
    [InlineData("", "services", """{"spec":{"type":"LoadBalancer","clusterIPs":["172.30.1.1"],"ports":[{"port":80,"protocol":"TCP"}]}}""", "n|LoadBalancer|172.30.1.1|<pending>|80/TCP|1m|<none>")]
    [InlineData("", "services", """{"spec":{"type":"ExternalName","externalName":"a.b"}}""", "n|ExternalName|<none>|a.b|<none>|1m|<none>")]
    [InlineData("", "nodes", """{"metadata":{"labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/infra":""}},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}""", "n|NotReady,SchedulingDisabled|infra,worker|1m||<none>|<none>|<unknown>|<unknown>|<unknown>")]
    [InlineData("discovery.k8s.io", "endpointslices", """{"addressType":"IPv4","endpoints":[{"addresses":["1.1.1.1"]},{"addresses":["1.1.1.2"]},{"addresses":["1.1.1.3"]},{"addresses":["1.1.1.4"]}],"ports":[{"port":1}]}""", "n|IPv4|1|1.1.1.1,1.1.1.2,1.1.1.3 + 1 more...|1m")]
    [InlineData("discovery.k8s.io", "endpointslices", """{"addressType":"IPv4","endpoints":null,"ports":null}""", "n|IPv4|<unset>|<unset>|1m")]
    [InlineData("", "endpoints", """{"subsets":[{"addresses":[{"ip":"10.128.0.5"}],"ports":[{"port":30102}]}]}""", "n|10.128.0.5:30102|1m")]
    [InlineData("networking.k8s.io", "networkpolicies", """{"spec":{"podSelector":{"matchExpressions":[{"key":"a","operator":"In","values":["z","b"]},{"key":"c","operator":"DoesNotExist"}]}}}""", "n|a in (b,z),!c|1m")]
    [InlineData("policy", "poddisruptionbudgets", """{"spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":2}}""", "n|50%|N/A|2|1m")]
    [InlineData("apps", "deployments", """{"spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"readyReplicas":2,"updatedReplicas":3,"availableReplicas":2}}""", "n|2/3|3|2|1m|c|i|a=b")]
    [InlineData("machineconfiguration.openshift.io", "machineconfigs", """{"spec":{"config":{"ignition":{"version":"3.2.0"}}}}""", "n|null|3.2.0|1m")]
    [InlineData("machineconfiguration.openshift.io", "machineconfigpools", """{"status":{"configuration":{"name":"rendered-worker-1"},"conditions":[{"type":"Updated","status":"True"},{"type":"Updating","status":"False"},{"type":"Degraded","status":"False"}],"machineCount":2,"readyMachineCount":2,"updatedMachineCount":2,"degradedMachineCount":0}}""", "n|rendered-worker-1|True|False|False|2|2|2|0|1m")]
    [InlineData("", "events", """{"involvedObject":{"kind":"Pod","name":"p"},"type":"Normal","reason":"Started","message":" m ","source":{"component":"kubelet","host":"w"},"firstTimestamp":"2026-11-22T00:00:00Z","lastTimestamp":"2026-11-22T00:00:50Z"}""", "10s|Normal|Started|pod/p||kubelet, w|m|60s|1|n")]
    public void Cells_are_what_the_real_printers_print(string group, string plural, string json, string expected)
    {
        var obj = JsonNode.Parse(json)!.AsObject();
        obj["metadata"] ??= new JsonObject();
        obj["metadata"]!["name"] = "n";
        obj["metadata"]!["creationTimestamp"] = "2026-11-22T00:00:00Z";
        var strategy = StrategyCatalog.For(KindCatalog.Find(group, "v1", plural)!);
        var cells = strategy.Cells(obj, Now);
        Assert.Equal(strategy.Columns.Count, cells.Count);
        Assert.Equal(expected.Replace("|1m", "|60s", StringComparison.Ordinal), string.Join('|', cells.Select(c => c?.ToString() ?? "null")));
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(125, "2m5s")]
    [InlineData(600, "10m")]
    [InlineData(3 * 3600 - 1, "179m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData(3 * 3600 + 60, "3h1m")]
    [InlineData(8 * 3600, "8h")]
    [InlineData(47 * 3600, "47h")]
    [InlineData(48 * 3600, "2d")]
    [InlineData(49 * 3600, "2d1h")]
    [InlineData(8 * 86400, "8d")]
    [InlineData(729 * 86400, "729d")]
    [InlineData(730 * 86400, "2y")]
    [InlineData(731 * 86400, "2y1d")]
    [InlineData(-10, "<invalid>")]
    public void Age_is_printed_as_the_real_server_does(long seconds, string expected)
    {
        var obj = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "n", ["creationTimestamp"] = Now.AddSeconds(-seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null) } };
        Assert.Equal(expected, StrategyCatalog.For(KindCatalog.Find("", "v1", "namespaces")!).Cells(obj, Now)[2]!.GetValue<string>());
    }
}
