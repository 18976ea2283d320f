using System.Diagnostics;
using Trunkline.Lab.Linux;
using Xunit;

namespace Trunkline.Lab.Tests;

public sealed class HeldNamespacesTests
{
    [Fact]
    public void A_namespace_keeps_its_name_to_itself_while_it_is_held()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: makes network namespaces");
        using var held = new HeldNamespaces();
        var name = InNewNamespace(pid =>
        {
            held.Add($"/proc/{pid}/ns/net");
            return ProcessTable.Namespace(pid, "net");
        });

        Assert.True(held.Contains(name));

        // Its process is gone. Without the hold the kernel gives its number to one of the next.
        Assert.DoesNotContain(name, Enumerable.Range(0, 8).Select(_ => InNewNamespace(pid => ProcessTable.Namespace(pid, "net"))));
    }

    [Fact]
    public void What_is_taken_out_or_was_never_there_is_not_in_it()
    {
        using var held = new HeldNamespaces();
        held.Add("/proc/self/ns/net");
        held.Add("/proc/2147483647/ns/net");
        var own = ProcessTable.Namespace(Environment.ProcessId, "net");
        Assert.True(held.Contains(own));

        held.Remove(own);

        Assert.False(held.Contains(own));
        Assert.False(held.Contains(null));
    }

    private static string? InNewNamespace(Func<int, string?> look)
    {
        var own = ProcessTable.Namespace(Environment.ProcessId, "net");
        using var process = Process.Start("unshare", ["--net", "sleep", "60"]);
        try
        {
            while (ProcessTable.Namespace(process.Id, "net") == own)
            {
                Thread.Yield();
            }

            return look(process.Id);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
