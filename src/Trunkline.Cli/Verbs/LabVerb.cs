using System.CommandLine;
using Spectre.Console;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline lab</c>: the lab by itself.</summary>
internal static class LabVerb
{
    public static Command Create(IAnsiConsole console, TimeProvider time) => new("lab",
        """
        A cluster with SCTP inside this machine: bring it up, look at it, take it down.

        Examples:
          trunkline lab up --workers 2
          trunkline lab status
          trunkline lab kubeconfig > lab.kubeconfig && kubectl --kubeconfig lab.kubeconfig get nodes
          trunkline lab down

        Exit codes: 0 done, 1 failed, 2 wrong call, 3 no such lab, 4 the machine lacks something, 5 port in use, 6 the lab is up in another shape.
        """)
    {
        LabUpVerb.Create(console, time),
        LabDownVerb.Create(console, time),
        LabStatusVerb.Create(console, time),
        LabKubeconfigVerb.Create(),
    };
}
