using System.CommandLine;
using Spectre.Console;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline policy</c>: what policies mean for SCTP.</summary>
internal static class PolicyVerb
{
    public static Command Create(IAnsiConsole console) => new("policy",
        """
        What NetworkPolicies and ClusterNetworkPolicies mean: why a flow is allowed or denied, who reaches whom, and what a change would open or cut.
        Reads a cluster, or an archive of one (--from); changes nothing.

        Examples:
          trunkline policy explain sctpclient sctpserver 30102 -n sctp-demo
          trunkline policy matrix -n sctp-demo
          trunkline policy diff new-policy.yaml
        """)
    {
        PolicyExplainVerb.Create(console),
        PolicyMatrixVerb.Create(console),
        PolicyDiffVerb.Create(console),
    };
}
