using Xunit;

namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>Waits for what a lab does by itself.</summary>
internal static class Wait
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    public static Task UntilAsync(string what, Func<bool> holds) => UntilAsync(what, () => Task.FromResult(holds()));

    public static Task UntilAsync(string what, Func<Task<bool>> holds) => UntilAsync(what, s_limit, holds);

    public static async Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < limit, $"{what}: not within {limit.TotalSeconds} s");
            await Task.Delay(s_poll, TestContext.Current.CancellationToken);
        }
    }
}
