using System.Net;
using Trunkline.Policy.Model;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>The flows that are asked about in a cluster: every pair that a Pod of worker-0 has part in, in both families, by every protocol.</summary>
internal static class Flows
{
    public static IEnumerable<FlowSpec> Of(int number, int localPods)
    {
        var next = number;
        foreach (var (source, destination) in Pairs(number, localPods))
        {
            foreach (var protocol in (TransportProtocol[])[TransportProtocol.Sctp, TransportProtocol.Tcp, TransportProtocol.Udp])
            {
                // Two of three ports, another two each time.
                for (var turn = 0; turn < 2; turn++)
                {
                    yield return new FlowSpec(source, destination, protocol, ClusterMaker.Ports[next++ % ClusterMaker.Ports.Length]);
                }
            }
        }
    }

    private static IEnumerable<(IPAddress Source, IPAddress Destination)> Pairs(int number, int localPods)
    {
        for (var family = 0; family < 2; family++)
        {
            var here = Enumerable.Range(0, localPods).Select(pod => Place.Pod(number, pod)[family]).ToArray();
            IPAddress[] there = [Place.Pod(number, 100)[family], Place.Outside[family], Place.Other[family], Place.Own[family]];
            foreach (var pair in here.SelectMany(source => here.Concat(there).Select(destination => (source, destination)))
                .Concat(there.SelectMany(source => here.Select(destination => (source, destination)))))
            {
                yield return pair;
            }
        }
    }
}
