using System.Runtime.ExceptionServices;
using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Runtime;

/// <summary>
/// The namespaces all containers of a Pod share (network, UTS, IPC), pinned by bind mounts as `ip netns` does, so that they need no process to
/// hold them. A thread of its own enters them and ends: unshare(2) changes the calling thread alone.
/// </summary>
internal sealed class SandboxNamespaces(NodePaths paths)
{
    private static readonly (string File, int Flag)[] Kinds = [("net", Libc.CloneNewNet), ("uts", Libc.CloneNewUts), ("ipc", Libc.CloneNewIpc)];

    public string NetworkPath(string podUid) => Path.Join(paths.NetworkNamespaces, podUid);

    public string UtsPath(string podUid) => Path.Join(paths.OtherNamespaces, podUid + ".uts");

    public string IpcPath(string podUid) => Path.Join(paths.OtherNamespaces, podUid + ".ipc");

    /// <summary>Makes what the Pod needs: of a host-network Pod only IPC is its own (a kubelet's rule: it keeps the node's host name, too).</summary>
    public void Create(string podUid, string hostName, bool hostNetwork)
    {
        Remove(podUid);
        Directory.CreateDirectory(paths.NetworkNamespaces);
        Directory.CreateDirectory(paths.OtherNamespaces);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(podUid, hostName, hostNetwork);
            }
            catch (IOException exception)
            {
                failure = exception;
            }
        })
        { IsBackground = true, Name = "sandbox" };
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            Remove(podUid);
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Remove(string podUid)
    {
        foreach (var (kind, _) in Kinds)
        {
            var path = Target(podUid, kind);
            if (File.Exists(path))
            {
                Libc.Unmount(path);
                File.Delete(path);
            }
        }
    }

    private void Enter(string podUid, string hostName, bool hostNetwork)
    {
        var kinds = Kinds.Where(kind => !hostNetwork || kind.Flag == Libc.CloneNewIpc).ToArray();
        Libc.Unshare(kinds.Aggregate(0, (flags, kind) => flags | kind.Flag));
        foreach (var (kind, _) in kinds)
        {
            File.WriteAllBytes(Target(podUid, kind), []);
            Libc.Mount($"/proc/thread-self/ns/{kind}", Target(podUid, kind), null, Libc.MountBind);
        }

        if (hostNetwork)
        {
            return;
        }

        Libc.SetHostName(hostName);

        // CRI-O's default sysctl: every group may ping without NET_RAW. /proc/sys/net is that of the thread's namespace.
        File.WriteAllText("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
    }

    private string Target(string podUid, string kind) => kind switch
    {
        "net" => NetworkPath(podUid),
        "uts" => UtsPath(podUid),
        _ => IpcPath(podUid),
    };
}
