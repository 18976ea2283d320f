using System.Net.Sockets;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies;

/// <summary>Who reaches whom at one port, by policies alone.</summary>
/// <param name="Question">The protocol and port.</param>
/// <param name="Family">The address family.</param>
/// <param name="Pods">The Pods of rows and columns.</param>
/// <param name="Rows">For each Pod as the source, the places of the Pods that it may call, itself included.</param>
public sealed record ReachMatrix(PortQuestion Question, AddressFamily Family, IReadOnlyList<PolicyPod> Pods, IReadOnlyList<IReadOnlyList<int>> Rows)
{
    /// <summary>Computes it.</summary>
    /// <param name="policies">The cluster's policies.</param>
    /// <param name="question">The protocol and port.</param>
    /// <param name="family">The address family: of Pods without an address in it nothing is said.</param>
    /// <param name="ns">Only Pods of this namespace; null for all.</param>
    public static ReachMatrix Of(CompiledPolicies policies, PortQuestion question, AddressFamily family, string? ns)
    {
        var places = policies.Pods.Select((pod, place) => (pod, place)).Where(pair => pair.pod.AddressOf(family) is not null && !pair.pod.Completed && (ns is null || pair.pod.Namespace == ns)).ToList();
        var matrix = policies.Matrix(question.Protocol, question.Port, family);
        return new ReachMatrix(question, family, [.. places.Select(pair => pair.pod)], [.. places.Select(pair => Row(matrix.Row(pair.place), places))]);
    }

    /// <summary>How many ordered pairs of different Pods may talk, of how many.</summary>
    public (long Allowed, long Pairs) Count => (Rows.Sum(row => (long)row.Count) - Pods.Count, (long)Pods.Count * (Pods.Count - 1));

    private static List<int> Row(PodSet row, List<(PolicyPod Pod, int Place)> places)
    {
        var reached = new List<int>();
        for (var column = 0; column < places.Count; column++)
        {
            if (row.Contains(places[column].Place))
            {
                reached.Add(column);
            }
        }

        return reached;
    }
}
