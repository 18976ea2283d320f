using System.CommandLine;
using Trunkline.Operations.Cluster;

namespace Trunkline.Cli.Verbs;

/// <summary>The options that name a cluster, as kubectl has them.</summary>
internal sealed class ClusterOptions
{
    public Option<string?> Kubeconfig { get; } = new("--kubeconfig") { Description = "The kubeconfig file. [default: $KUBECONFIG, then ~/.kube/config, then the Pod's own account]", HelpName = "FILE" };

    public Option<string?> Context { get; } = new("--context") { Description = "The context of the kubeconfig. [default: its current one]", HelpName = "NAME" };

    public Option<string?> Namespace { get; } = new("--namespace", "-n") { Description = "The namespace. [default: the context's]", HelpName = "NAME" };

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(Kubeconfig);
        command.Options.Add(Context);
        command.Options.Add(Namespace);
    }

    /// <summary>The cluster that a call names.</summary>
    public ClusterTarget Target(ParseResult parsed) => new(parsed.GetValue(Kubeconfig), parsed.GetValue(Context), parsed.GetValue(Namespace));
}
