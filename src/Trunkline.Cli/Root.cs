using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli.Verbs;

namespace Trunkline.Cli;

/// <summary>All verbs.</summary>
internal static class Root
{
    public static RootCommand Create(IAnsiConsole console, TimeProvider time) => new(
        """
        SCTP for bare-metal clusters.

        Examples:
          trunkline guide                       walk the guide on a lab of its own, and prove every step
          trunkline lab up                      a Kubernetes cluster with SCTP inside this machine
          kubectl --kubeconfig <(trunkline lab kubeconfig) get nodes
          trunkline lab down
        """)
    {
        GuideVerb.Create(console, time),
        LabVerb.Create(console, time),
        LabProcessVerb.Create(time),
    };
}
