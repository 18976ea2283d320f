using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>
/// Runs something on one processor. A veth hands packets to the queue of the processor that sends them, which is worked off in order, so that what one thread sends there
/// from whatever namespaces arrives in the order in which it was sent.
/// </summary>
internal static partial class OneProcessor
{
    public static void Run(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                var mask = new byte[128];
                Bind(mask, Current());
                work();
            }
#pragma warning disable CA1031 // Carried to the caller's thread, whatever it is.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = "one processor" };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void Bind(byte[] mask, int processor)
    {
        mask[processor / 8] = (byte)(1 << (processor % 8));
        if (SetAffinity(0, (nuint)mask.Length, mask) != 0)
        {
            throw new IOException($"sched_setaffinity: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    private static partial int Current();

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, byte[] mask);
}
