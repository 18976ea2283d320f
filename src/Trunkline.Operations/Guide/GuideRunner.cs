using Trunkline.Operations.Cluster;
using Trunkline.Operations.Machines;

namespace Trunkline.Operations.Guide;

/// <summary>Walks the guide on a cluster, step by step. A step that is not proven ends the walk: the next ones build on it.</summary>
public sealed class GuideRunner(ClusterApi api, IMachines machines, GuideOptions options, TimeProvider time, IGuideObserver observer)
{
    /// <summary>How many steps there are.</summary>
    public static int StepCount => GuideSteps.All.Count;

    /// <summary>Walks all steps.</summary>
    public async Task<GuideReport> RunAsync(CancellationToken cancel)
    {
        var results = new List<StepResult>();
        foreach (var step in GuideSteps.All)
        {
            results.Add(await WalkAsync(results.Count + 1, step, cancel));
            if (!results[^1].Passed)
            {
                break;
            }
        }

        return new GuideReport(results);
    }

    private async Task<StepResult> WalkAsync(int id, IGuideStep step, CancellationToken cancel)
    {
        var evidence = new List<string>();
        var start = time.GetTimestamp();
        void Say(string line)
        {
            evidence.Add(line);
            observer.Saw(id, line);
        }

        observer.StepStarted(id, step.Title);
        var passed = true;
        try
        {
            await step.WalkAsync(new GuideContext(api, machines, options, time, Say), cancel);
        }
        catch (Exception e) when (e is NotProvenException or ClusterException or HttpRequestException or System.Net.WebSockets.WebSocketException)
        {
            passed = false;
            Say($"NOT PROVEN: {e.Message}");
        }

        var result = new StepResult(id, step.Title, passed, time.GetElapsedTime(start).TotalSeconds, evidence);
        observer.StepEnded(result);
        return result;
    }
}
