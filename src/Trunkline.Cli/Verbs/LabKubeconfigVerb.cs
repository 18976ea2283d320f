using System.CommandLine;
using Trunkline.Lab;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline lab kubeconfig</c>: prints a kubeconfig with which kubectl works from this machine.</summary>
internal static class LabKubeconfigVerb
{
    public static Command Create()
    {
        var name = CommonOptions.Name();
        var command = new Command("kubeconfig",
            """
            Print a kubeconfig of the lab's administrator.

            Example:
              trunkline lab kubeconfig > lab.kubeconfig && kubectl --kubeconfig lab.kubeconfig get nodes
            """)
        { name };
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var lab = LabManager.Open(parsed.GetValue(name)!);
            try
            {
                Console.Out.Write(await File.ReadAllTextAsync(lab.KubeconfigPath, cancel));
                return 0;
            }
            catch (UnauthorizedAccessException)
            {
                throw new LabException($"{lab.KubeconfigPath} can be read by root alone; run this again with sudo.", LabFailure.Machine);
            }
        }));
        return command;
    }
}
