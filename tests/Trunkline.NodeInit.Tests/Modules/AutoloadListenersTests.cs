using System.Net.Sockets;
using Trunkline.NodeInit.Modules;
using Xunit;

namespace Trunkline.NodeInit.Tests.Modules;

/// <summary>Init in the place of the service, until a first caller comes.</summary>
public sealed class AutoloadListenersTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("autoload-").FullName;
    private readonly TaskCompletionSource _asked = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_first_caller_asks_for_the_module_and_is_hung_up_on()
    {
        Register("a");
        using var listeners = new AutoloadListeners(Registry, () => _asked.TrySetResult(), TimeProvider.System);

        Assert.Equal(0, await CallAsync("a"));

        await _asked.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_pod_that_comes_later_is_listened_for_and_one_that_goes_is_not()
    {
        using var listeners = new AutoloadListeners(Registry, () => _asked.TrySetResult(), TimeProvider.System);
        Register("late");
        await EventuallyAsync(() => File.Exists(SocketOf("late")));
        File.Delete(Path.Join(Registry, "late.json"));
        await EventuallyAsync(() => !File.Exists(SocketOf("late")));

        Assert.False(_asked.Task.IsCompleted);
    }

    [Fact]
    public void Closing_leaves_no_socket_for_the_service_to_stumble_over()
    {
        Register("a");
        var listeners = new AutoloadListeners(Registry, () => _asked.TrySetResult(), TimeProvider.System);
        Assert.True(File.Exists(SocketOf("a")));

        listeners.Dispose();

        Assert.False(File.Exists(SocketOf("a")));
    }

    [Fact]
    public async Task A_damaged_entry_does_not_keep_the_others_from_being_served()
    {
        Directory.CreateDirectory(Registry);
        await File.WriteAllTextAsync(Path.Join(Registry, "bad.json"), "{\"id\":", TestContext.Current.CancellationToken);
        Register("good");
        using var listeners = new AutoloadListeners(Registry, () => _asked.TrySetResult(), TimeProvider.System);

        Assert.Equal(0, await CallAsync("good"));
    }

    private string Registry => Path.Join(_root, "namespaces");

    private string SocketOf(string id) => Path.Join(_root, "pods", id, "sctp.sock");

    private void Register(string id)
    {
        Directory.CreateDirectory(Registry);
        var file = Path.Join(Registry, $"{id}.json");
        File.WriteAllText(file + ".new", $$"""{"id":"{{id}}","netns":"/run/netns/{{id}}","directory":"{{Path.Join(_root, "pods", id)}}","addresses":[]}""");
        File.Move(file + ".new", file);
    }

    // How many bytes the caller is told before the other side hangs up.
    private async Task<int> CallAsync(string id)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketOf(id)), TestContext.Current.CancellationToken);
        return await socket.ReceiveAsync(new byte[16], TestContext.Current.CancellationToken);
    }

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var i = 0; i < 500 && !holds(); i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(holds());
    }
}
