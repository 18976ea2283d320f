using Microsoft.Win32.SafeHandles;

namespace Trunkline.Lab.Linux;

/// <summary>
/// Work inside a network namespace. setns(2) moves one thread, so each piece of work gets a thread of its own that ends with it;
/// sockets made there belong to the namespace for life and may be used from any thread.
/// </summary>
public static class NetworkNamespace
{
    /// <summary>Runs <paramref name="work"/> inside the namespace pinned at <paramref name="path"/>.</summary>
    public static T Run<T>(string path, Func<T> work)
    {
        T result = default!;
        OnOwnThread(() =>
        {
            using SafeFileHandle handle = File.OpenHandle(path);
            Libc.SetNamespace((int)handle.DangerousGetHandle(), Libc.NewNetworkNamespace, $"enter {path}");
            result = work();
        });
        return result;
    }

    /// <summary>Makes a new namespace and pins it at <paramref name="path"/>, as `ip netns add` would below /run/netns.</summary>
    internal static void Create(string path)
    {
        using (File.Create(path))
        {
        }

        OnOwnThread(() =>
        {
            Libc.Unshare(Libc.NewNetworkNamespace, "make a network namespace");
            Libc.BindMount("/proc/thread-self/ns/net", path);
        });
    }

    private static void OnOwnThread(Action work)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception error)
            {
                failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error);
            }
        })
        { IsBackground = true, Name = "netns" };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
