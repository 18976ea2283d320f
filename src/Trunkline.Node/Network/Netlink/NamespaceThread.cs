using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Trunkline.Node.Network.Netlink;

/// <summary>
/// Runs something inside another network namespace: on a thread of its own that enters it and then ends, as setns(2) moves one thread only and a thread of the
/// pool would carry the namespace into other people's work.
/// </summary>
internal static class NamespaceThread
{
    public static T Run<T>(string netnsPath, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(netnsPath);
                result = work();
            }
#pragma warning disable CA1031 // Carried to the caller's thread, whatever it is.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = "netns" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    public static void Run(string netnsPath, Action work) => Run(netnsPath, () =>
    {
        work();
        return true;
    });

    private static void Enter(string netnsPath)
    {
        using var handle = File.OpenHandle(netnsPath);
        if (NetlinkLibc.SetNamespace((int)handle.DangerousGetHandle(), NetlinkLibc.CloneNewNet) != 0)
        {
            throw new NetlinkException($"enter {netnsPath}", Marshal.GetLastPInvokeError());
        }
    }
}
