using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Lab;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Guide;

namespace Trunkline.Cli.Guide;

/// <summary>Brings a lab up for the guide, walks it, and takes the lab down.</summary>
internal sealed class GuideWalk(IAnsiConsole console, TimeProvider time, OutputFormat format)
{
    /// <summary>Walks the guide on a new lab.</summary>
    public async Task<GuideReport> RunAsync(LabOptions options, GuideOptions guide, bool keep, CancellationToken cancel)
    {
        var build = BuildDirectory.Find();
        var manager = new LabManager(build, time);
        var progress = new LabProgress(console, format, time);
        if (await manager.StatusAsync(options.Name, cancel) is not null)
        {
            throw new LabException(
                $"the lab \"{options.Name}\" is there already, and the guide begins with a new one; take it down with `trunkline lab down --name {options.Name}`.",
                LabFailure.Usage);
        }

        try
        {
            var lab = await manager.UpAsync(options, progress, cancel);
            progress.Did($"lab {options.Name} is up");
            await using var machines = await LabMachines.StartAsync(lab, build, cancel);
            using var api = new ClusterApi(lab.KubeconfigPath);
            return await WalkAsync(observer => new GuideRunner(api, machines, guide, time, observer).RunAsync(cancel));
        }
        finally
        {
            if (!keep)
            {
                await manager.DownAsync(options.Name, progress, CancellationToken.None);
                progress.Did($"lab {options.Name} is down");
            }
        }
    }

    private async Task<GuideReport> WalkAsync(Func<IGuideObserver, Task<GuideReport>> walk)
    {
        if (format == OutputFormat.Json)
        {
            return await walk(new SilentGuideView());
        }

        return console.Profile.Out.IsTerminal
            ? await console.Status().StartAsync("walking the guide", status => walk(new LiveGuideView(console, status)))
            : await walk(new PlainGuideView(console.Profile.Out.Writer));
    }
}
