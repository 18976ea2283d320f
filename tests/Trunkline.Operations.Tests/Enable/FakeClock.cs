using Microsoft.Extensions.Time.Testing;

namespace Trunkline.Operations.Tests.Enable;

/// <summary>Lets a fake clock run until something has ended.</summary>
internal static class FakeClock
{
    public static async Task<T> RunAsync<T>(this FakeTimeProvider time, Task<T> task)
    {
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, CancellationToken.None); // lets what the clock woke come to its next wait
        }

        return await task;
    }
}
