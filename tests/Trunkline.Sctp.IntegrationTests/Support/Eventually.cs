using System.Diagnostics;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>Waits for what real programs do in their own time.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, Func<string> what, int seconds = 15)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed.TotalSeconds > seconds)
            {
                Assert.Fail($"never came: {what()}");
            }

            await PauseAsync(10);
        }
    }

    public static Task PauseAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, TestContext.Current.CancellationToken);
}
