using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint.Rules.Pages;

/// <summary>What a page sets up and how it tests it.</summary>
internal sealed class PageFacts
{
    private readonly HashSet<long> _sctp = [];
    private readonly HashSet<long> _others = [];

    public PageFacts(LintFile file, LintContext context)
    {
        File = file;
        Commands = [.. file.Shell.Where(line => !line.IsOutput)];
        Netcats = [.. file.Shell.Select(NcCommand.Of).OfType<NcCommand>()];
        Policies = [.. file.Documents.Select(context.Policy).OfType<PolicyFacts>()];
        // An example about Pods that the page does not have is not what its tests test.
        var tested = Policies.Where(policy => context.Selected(policy).Workloads.Any(pod => pod.Document.File == file)).ToList();
        FirstPolicy = Policies.Count == 0 ? int.MaxValue : (tested.Count > 0 ? tested : Policies).Min(policy => At(policy.Document));
        foreach (var document in file.Documents)
        {
            Ports(context, document);
        }
    }

    public LintFile File { get; }

    /// <summary>What is typed.</summary>
    public IReadOnlyList<ShellLine> Commands { get; }

    /// <summary>The calls of nc.</summary>
    public IReadOnlyList<NcCommand> Netcats { get; }

    /// <summary>The policies.</summary>
    public IReadOnlyList<PolicyFacts> Policies { get; }

    /// <summary>Where the first policy stands.</summary>
    public int FirstPolicy { get; }

    /// <summary>Whether its manifests have SCTP ports.</summary>
    public bool HasSctpPorts => _sctp.Count > 0;

    /// <summary>The calls of nc that test a policy.</summary>
    public IEnumerable<NcCommand> ProbesOfPolicies => Netcats.Where(nc => nc.IsProbe && nc.Line.InFile > FirstPolicy);

    /// <summary>Where a document stands in the file.</summary>
    public static int At(LintDocument document) => document.Chunk!.Region.InFile(document.Root.Start);

    /// <summary>Whether a port is one of SCTP in a manifest.</summary>
    public bool IsSctpPort(int? port) => port is { } number && _sctp.Contains(number);

    /// <summary>Whether a port is one of TCP or UDP in a manifest.</summary>
    public bool IsOtherPort(int? port) => port is { } number && _others.Contains(number);

    private void Ports(LintContext context, LintDocument document)
    {
        foreach (var port in context.Workload(document)?.Ports ?? [])
        {
            Add(port.IsSctp, port.Number);
        }

        foreach (var port in context.Service(document)?.Ports ?? [])
        {
            Add(port.IsSctp, port.Port);
            Add(port.IsSctp, port.NodePort);
            Add(port.IsSctp, port.TargetNumber);
        }

        foreach (var port in context.Policy(document)?.Rules().SelectMany(rule => rule.Ports) ?? [])
        {
            Add(port.IsSctp, port.Number);
        }
    }

    private void Add(bool isSctp, long? port)
    {
        if (port is { } number)
        {
            (isSctp ? _sctp : _others).Add(number);
        }
    }
}
