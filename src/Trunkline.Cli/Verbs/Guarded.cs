using Trunkline.Lab;

namespace Trunkline.Cli.Verbs;

/// <summary>Turns what a lab cannot do into one sentence and an exit code.</summary>
internal static class Guarded
{
    public static async Task<int> RunAsync(Func<Task<int>> verb)
    {
        try
        {
            return await verb();
        }
        catch (LabException error)
        {
            await Console.Error.WriteLineAsync($"trunkline: {error.Message}");
            return (int)error.Failure;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("trunkline: stopped; `trunkline lab up` goes on from here, `trunkline lab down` takes it all away.");
            return 130;
        }
    }
}
