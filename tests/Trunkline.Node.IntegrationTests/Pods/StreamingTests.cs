using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Pods;

public sealed class StreamingTests
{
    private const string Script = "for i in 1 2 3; do echo line $i; done; echo bad >&2; exec sleep 1000";

    [Fact]
    public async Task Exec_keeps_outputs_apart_carries_input_and_tells_the_exit_code()
    {
        await using var bench = await RunningAsync(Script);
        await using var client = await StreamClient.StartAsync(bench);
        using var plain = await client.OpenAsync("exec/default/p/main?command=sh&command=-c&command=echo+out;+echo+err+>%262;+exit+7&output=1&error=1", "v4.channel.k8s.io");
        var said = await StreamClient.ReadAsync(plain);
        using var fed = await client.OpenAsync("exec/default/p/uid/main?command=sh&command=-c&command=cat;+echo+end&stdin=true&stdout=true&stderr=true");
        await StreamClient.SendAsync(fed, 0, "some input\n");
        await StreamClient.SendAsync(fed, 255, "\0"); // v5: close channel 0
        var echoed = await StreamClient.ReadAsync(fed);

        Assert.Equal(("out\n", "err\n"), (said[1], said[2]));
        var status = JsonNode.Parse(said[3])!;
        Assert.Equal(("NonZeroExitCode", "7"), ((string)status["reason"]!, (string)status["details"]!["causes"]![0]!["message"]!));
        Assert.Equal("some input\nend\n", echoed[1]);
        Assert.Equal("Success", (string)JsonNode.Parse(echoed[3])!["status"]!);
    }

    [Fact]
    public async Task Exec_on_a_terminal_has_its_size_echo_and_end_of_input()
    {
        await using var bench = await RunningAsync(Script);
        await using var client = await StreamClient.StartAsync(bench);
        using var socket = await client.OpenAsync("exec/default/p/main?command=sh&stdin=1&stdout=1&tty=1");
        await StreamClient.SendAsync(socket, 4, """{"Width":93,"Height":31}""");
        await StreamClient.SendAsync(socket, 0, "echo $((40+2)) $TERM\n");
        await StreamClient.ReadAsync(socket, texts => texts[1].Contains("42 xterm", StringComparison.Ordinal));

        // runc gives the terminal its size only after it has started the command.
        await StreamClient.SendAsync(socket, 0, "until stty size | grep -q '31 93'; do :; done; stty size; exit 9\n");
        var said = await StreamClient.ReadAsync(socket);

        Assert.Contains("31 93\r\n", said[1], StringComparison.Ordinal);
        Assert.Equal("9", (string)JsonNode.Parse(said[3])!["details"]!["causes"]![0]!["message"]!);
    }

    [Fact]
    public async Task A_command_whose_caller_is_gone_does_not_stay()
    {
        await using var bench = await RunningAsync(Script);
        await using var client = await StreamClient.StartAsync(bench);
        using (var socket = await client.OpenAsync("exec/default/p/main?command=sh&command=-c&command=echo+here;+sleep+98765;+echo&stdout=1"))
        {
            await StreamClient.ReadAsync(socket, texts => texts[1].Contains("here", StringComparison.Ordinal));
            await Bench.EventuallyAsync(() => Sleepers() == 1, "the command runs");
            socket.Abort();
        }

        await Bench.EventuallyAsync(() => Sleepers() == 0, "the command ended");
    }

    [Fact]
    public async Task Logs_can_be_cut_followed_and_read_again_after_a_restart()
    {
        await using var bench = await RunningAsync("echo one; echo two; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo three; exit 1");
        await using var client = await StreamClient.StartAsync(bench);
        using var http = client.Http();
        var cancellation = TestContext.Current.CancellationToken;
        await Bench.EventuallyAsync(() => bench.Log("p", "main").Contains("two", StringComparison.Ordinal), "two lines");
        Assert.Equal("one\ntwo\n", await http.GetStringAsync("containerLogs/default/p/main", cancellation));
        Assert.Equal("two\n", await http.GetStringAsync("containerLogs/default/p/main?tailLines=1", cancellation));
        Assert.Equal("one\nt", await http.GetStringAsync("containerLogs/default/p/main?limitBytes=5", cancellation));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00) one\n", await http.GetStringAsync("containerLogs/default/p/main?timestamps=true", cancellation));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("containerLogs/default/p/main?previous=true", cancellation)).StatusCode);

        var follow = http.GetStringAsync("containerLogs/default/p/main?follow=true&tailLines=0", cancellation);
        var state = bench.Manager.Find("default", "p")!.Record;
        await File.WriteAllTextAsync(Path.Join(bench.Paths.ContainerDirectory(state.Uid, state.Containers["main"].Id), "root/tmp/go"), "", cancellation);
        Assert.Equal("three\n", await follow.WaitAsync(TimeSpan.FromSeconds(20), cancellation));
        await bench.WaitAsync("p", pod => pod.Status?.ContainerStatuses?[0].RestartCount == 1, "restarted");
        Assert.Equal("one\ntwo\nthree\n", await http.GetStringAsync("containerLogs/default/p/main?previous=true", cancellation));
    }

    [Fact]
    public async Task Attach_is_the_containers_own_input_and_output()
    {
        await using var bench = await RunningAsync("while read line; do echo got $line; done; echo over; exit 0",
            """, "stdin":true, "stdinOnce":true """, """, "restartPolicy":"Never" """);
        await using var client = await StreamClient.StartAsync(bench);
        using var socket = await client.OpenAsync("attach/default/p/main?stdin=1&stdout=1&stderr=1");
        await StreamClient.SendAsync(socket, 0, "this\n");
        await StreamClient.ReadAsync(socket, texts => texts[1].Contains("got this", StringComparison.Ordinal));
        await StreamClient.SendAsync(socket, 255, "\0");
        var said = await StreamClient.ReadAsync(socket);

        Assert.Equal("over\n", said[1]);
        await bench.WaitAsync("p", pod => pod.Status?.Phase == "Succeeded", "Succeeded");
    }

    [Fact]
    public async Task Nobody_but_the_api_server_and_administrators_is_served()
    {
        await using var bench = await Bench.StartAsync();
        await using var stranger = await StreamClient.StartAsync(bench, "CN=system:node:other,O=system:nodes");
        using var http = stranger.Http();
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("healthz", TestContext.Current.CancellationToken)).StatusCode);
        await using var administrator = await StreamClient.StartAsync(bench, "CN=system:admin,O=system:masters");
        using var allowed = administrator.Http();
        Assert.Equal("ok", await allowed.GetStringAsync("healthz", TestContext.Current.CancellationToken));
    }

    private static async Task<Bench> RunningAsync(string script, string container = "", string more = "")
    {
        var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("p", script, more, container));
        await bench.WaitAsync("p", pod => pod.Status?.Phase == "Running", "Running");
        return bench;
    }

    private static int Sleepers() => Directory.GetDirectories("/proc").Select(path => Path.Join(path, "cmdline"))
        .Count(file => File.Exists(file) && Text(file).Replace('\0', ' ').Trim() == "sleep 98765");

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // ended while we looked
        }
    }
}
