using System.Globalization;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Probes;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies.Verify;

/// <summary>Tries flows from within Pods, by the <c>nc</c> of their images through exec; nothing is made and nothing is left behind.</summary>
/// <param name="api">The cluster.</param>
/// <param name="patience">Seconds after which nobody having answered is silence.</param>
public sealed class PodProber(ClusterApi api, int patience)
{
    private const int AtOnceInAPod = 16, PodsAtOnce = 4;

    /// <summary>Tries all flows.</summary>
    /// <param name="probes">The flows.</param>
    /// <param name="done">Told how many have been tried.</param>
    /// <param name="cancel">Gives up; what runs in Pods ends by itself within its patience.</param>
    public async Task<IReadOnlyList<(PolicyProbe Probe, ProbeSight Sight)>> RunAsync(IReadOnlyList<PolicyProbe> probes, Action<int>? done, CancellationToken cancel)
    {
        var seen = new ProbeSight[probes.Count];
        var tried = 0;
        var work = probes.Select((probe, place) => (probe, place)).GroupBy(one => (one.probe.Source.Namespace, one.probe.Source.Name)).Select(one => one.Chunk(AtOnceInAPod).ToList());
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = PodsAtOnce, CancellationToken = cancel }, async (chunks, token) =>
        {
            foreach (var chunk in chunks)
            {
                var sights = await TryAsync([.. chunk.Select(one => one.probe)], token);
                for (var i = 0; i < chunk.Length; i++)
                {
                    seen[chunk[i].place] = sights[i];
                }

                done?.Invoke(Interlocked.Add(ref tried, chunk.Length));
            }
        });
        return [.. probes.Zip(seen)];
    }

    private async Task<ProbeSight[]> TryAsync(IReadOnlyList<PolicyProbe> probes, CancellationToken cancel)
    {
        var source = probes[0].Source;
        try
        {
            return Read(await PodExec.RunAsync(api, source.Namespace, source.Name, ["sh", "-c", Script(probes, patience)], cancel), probes.Count);
        }
        catch (Exception error) when (error is ClusterException or HttpRequestException or k8s.Autorest.HttpOperationException or System.Net.WebSockets.WebSocketException or IOException)
        {
            return [.. Enumerable.Repeat(new ProbeSight(null, $"no probe from {source}: {error.Message}"), probes.Count)];
        }
    }

    /// <summary>One line a probe on standard output: its number, nc's exit status, and what nc said.</summary>
    internal static string Script(IReadOnlyList<PolicyProbe> probes, int patience) =>
        "set -f; " + string.Concat(probes.Select((probe, number) => string.Create(CultureInfo.InvariantCulture,
            $"( e=$(nc -z -v -w {patience} {(probe.Protocol == TransportProtocol.Sctp ? "--sctp " : "")}{probe.Address} {probe.Port} </dev/null 2>&1); echo \"#{number} $?\" $e ) & "))) + "wait";

    /// <summary>Reads what the script printed.</summary>
    internal static ProbeSight[] Read(ExecResult result, int count)
    {
        var seen = new ProbeSight[count];
        Array.Fill(seen, new ProbeSight(null, $"the Pod's shell did not run the probe: {result.Error.Trim()}"));
        foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', 3);
            if (parts[0].StartsWith('#') && int.TryParse(parts[0].AsSpan(1), out var number) && number >= 0 && number < count && parts.Length > 1 && int.TryParse(parts[1], out var status))
            {
                seen[number] = Sight(status, parts.Length > 2 ? parts[2] : "");
            }
        }

        return seen;
    }

    private static ProbeSight Sight(int status, string words)
    {
        try
        {
            return new ProbeSight(Netcat.Verdict(new ExecResult(status, "", words)), words);
        }
        catch (ClusterException)
        {
            // Other words are those of a shell without nc, or of an nc without SCTP: no probe, and said so.
            return new ProbeSight(null, $"no probe could be made: {(words.Length > 0 ? words : $"nc ended with {status} and said nothing")}");
        }
    }
}
