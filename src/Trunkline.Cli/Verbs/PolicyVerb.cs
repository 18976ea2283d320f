using System.CommandLine;
using Spectre.Console;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline policy</c>: what policies mean for SCTP.</summary>
internal static class PolicyVerb
{
    public static Command Create(IAnsiConsole console) => new("policy",
        """
        What NetworkPolicies and ClusterNetworkPolicies mean: why a flow is allowed or denied, who reaches whom, what a change would open or cut, and whether the network does what they say.
        Reads a cluster, or (but for verify) an archive of one; changes nothing.

        Examples:
          trunkline policy explain sctpclient sctpserver 30102 -n sctp-demo
          trunkline policy matrix -n sctp-demo
          trunkline policy diff new-policy.yaml
          trunkline policy verify -n sctp-demo
        """)
    {
        PolicyExplainVerb.Create(console),
        PolicyMatrixVerb.Create(console),
        PolicyDiffVerb.Create(console),
        PolicyVerifyVerb.Create(console),
    };
}
