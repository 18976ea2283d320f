using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Recorded;

/// <summary>
/// The whole recording done again, in its order, against the lab's API server and controllers over TLS. What differs is listed here by step and explained in
/// docs/compatibility.md; a listed step that no longer differs fails the test too, so that the list stays true.
/// </summary>
public class RecordedSessionTests
{
    private static readonly string[] Folders = ["02-seed", "03-get-describe", "04-node", "05-table", "06-errors", "07-watch", "08-delete", "10-seed-extra"];

    [Fact]
    public async Task Every_step_comes_out_as_recorded()
    {
        Assert.SkipWhen(RecordedStep.Root is null, "the recordings in ../shared/golden are not here");
        var token = TestContext.Current.CancellationToken;
        await using var api = await RealApi.StartAsync(advertised: "192.0.2.1:6443");
        using var own = api.Client("CN=system:kube-controller-manager");
        using var admin = api.Http("O=system:masters, CN=system:admin");
        using var plain = api.Http("CN=plain-user");
        using var nobody = api.Http(null);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);

        // As recorded: no scheduler and no operator; a node without an agent stays as it was set by hand.
        var options = Harness.Fast with { RootCertificateAuthority = api.AuthorityPem, Scheduling = false, MachineConfigs = false, NodeMonitorGracePeriod = TimeSpan.FromHours(1) };
        var running = new ControllerHost(own, options, TimeProvider.System, new TestLog<ControllerHost>()).RunAsync(stop.Token);
        var session = new RecordedSession(api, admin, plain, nobody);
        var different = new List<string>();
        var steps = 0;
        foreach (var step in Folders.SelectMany(RecordedStep.Of))
        {
            steps++;
            var meanwhile = Unrecorded.During(session, step.Name, token);
            await Unrecorded.BeforeAsync(session, step.Name, token);
            var difference = await session.DifferenceAsync(step, token);
            await meanwhile;
            if ((difference is null) == KnownDifferences.Reasons.ContainsKey(step.Name))
            {
                different.Add(difference ?? $"{step.Name}: listed as different, but it is not");
            }
        }

        await stop.CancelAsync();
        await running;
        TestContext.Current.SendDiagnosticMessage($"{steps} steps, {KnownDifferences.Reasons.Count} known differences");
        Assert.True(different.Count == 0, $"{different.Count} of {steps} steps:\n" + string.Join("\n\n", different));
    }
}
