using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Kinds.Strategies;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds;

public sealed class PodSummaryTests
{
    private const string Ready = """{"name":"a","ready":true,"restartCount":0,"state":{"running":{}}}""";

    [Theory]
    [InlineData("""{"phase":"Pending"}""", "0/1", "Pending", "0")]
    [InlineData("""{"phase":"Pending","containerStatuses":[{"name":"a","restartCount":0,"state":{"waiting":{"reason":"ContainerCreating"}}}]}""", "0/1", "ContainerCreating", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[""" + Ready + "]}", "1/1", "Running", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-11-22T00:00:30Z"}}}]}""", "0/1", "CrashLoopBackOff", "3 (30s ago)")]
    [InlineData("""{"phase":"Succeeded","containerStatuses":[{"name":"a","restartCount":0,"state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]}""", "0/1", "Completed", "0")]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"a","restartCount":0,"state":{"terminated":{"exitCode":2}}}]}""", "0/1", "ExitCode:2", "0")]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"a","restartCount":0,"state":{"terminated":{"exitCode":137,"signal":9}}}]}""", "0/1", "Signal:9", "0")]
    [InlineData("""{"phase":"Failed","reason":"Evicted"}""", "0/1", "Evicted", "0")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":0,"state":{"running":{}}}]}""", "0/1", "Init:0/1", "0")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}""", "0/1", "Init:CrashLoopBackOff", "1")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":0,"state":{"terminated":{"exitCode":1,"reason":"Error"}}}]}""", "0/1", "Init:Error", "0")]
    public void Status_says_what_holds_the_Pod_up(string status, string ready, string reason, string restarts)
    {
        var pod = Pod(status);
        if (status.Contains("initContainer", StringComparison.Ordinal))
        {
            pod["spec"]!["initContainers"] = new JsonArray(new JsonObject { ["name"] = "i" });
        }

        Assert.Equal([ready, reason, restarts], Cells(pod));
    }

    [Fact]
    public void A_deleted_Pod_is_Terminating() => Assert.Equal(["1/1", "Terminating", "0"], Cells(Pod("""{"phase":"Running","containerStatuses":[""" + Ready + "]}", deleted: true)));

    [Fact]
    public void A_deleted_Pod_that_is_done_stays_Completed()
    {
        var status = """{"phase":"Succeeded","containerStatuses":[{"name":"a","restartCount":0,"state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]}""";
        Assert.Equal(["0/1", "Completed", "0"], Cells(Pod(status, deleted: true)));
    }

    private static JsonObject Pod(string status, bool deleted = false)
    {
        var pod = JsonNode.Parse("""{"metadata":{"name":"p","creationTimestamp":"2026-11-22T00:00:00Z"},"spec":{"containers":[{"name":"a"}]}}""")!.AsObject();
        pod["status"] = JsonNode.Parse(status);
        if (deleted)
        {
            pod["metadata"]!["deletionTimestamp"] = "2026-11-22T00:00:10Z";
        }

        return pod;
    }

    private static string[] Cells(JsonObject pod)
    {
        var now = new DateTimeOffset(2026, 11, 22, 0, 1, 0, TimeSpan.Zero);
        return [.. StrategyCatalog.For(KindCatalog.Find("", "v1", "pods")!).Cells(pod, now).Skip(1).Take(3).Select(c => c!.GetValue<string>())];
    }
}
