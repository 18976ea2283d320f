using Trunkline.Operations.Cluster;
using Trunkline.Operations.Lint.Sources;
using Trunkline.Operations.Manifests;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Lint.Documents;

/// <summary>One object of a run: its tree, and where it stands.</summary>
public sealed class LintDocument
{
    private LintDocument(ManifestNode root)
    {
        Root = root;
        ApiVersion = root["apiVersion"]?.Text ?? "";
        Kind = root["kind"]?.Text ?? "";
        Metadata = root["metadata"];
        Name = Metadata?["name"]?.Text ?? Metadata?["generateName"]?.Text;
        Namespace = Metadata?["namespace"].WordOrNull();
        Labels = Metadata?["labels"].Words() ?? NodeFacts.NoWords;
        Annotations = Metadata?["annotations"].Words() ?? NodeFacts.NoWords;
    }

    /// <summary>The tree.</summary>
    public ManifestNode Root { get; }

    /// <summary>The API group and version as written.</summary>
    public string ApiVersion { get; }

    /// <summary>The API group; empty for the core group.</summary>
    public string Group => ApiVersion.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? ApiVersion[..slash] : "";

    /// <summary>The kind.</summary>
    public string Kind { get; }

    /// <summary>The metadata; null without any.</summary>
    public ManifestNode? Metadata { get; }

    /// <summary>The spec: that of the object, or one that was written under its metadata by mistake.</summary>
    public ManifestNode? Spec => Root["spec"] ?? Metadata?["spec"];

    /// <summary>The name, or the prefix of a generated one.</summary>
    public string? Name { get; }

    /// <summary>The namespace as written; null where none is.</summary>
    public string? Namespace { get; set; }

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; }

    /// <summary>The file; null for an object of a cluster or archive.</summary>
    public LintFile? File { get; private init; }

    /// <summary>The text in which it stands; null for an object of a cluster or archive.</summary>
    public DocumentChunk? Chunk { get; private init; }

    /// <summary>The object of a cluster or archive; null for one of a file.</summary>
    public ClusterObject? Live { get; private init; }

    /// <summary>Whether it is looked at only to judge others: an object of the cluster beside files that are linted.</summary>
    public bool IsContext { get; private init; }

    /// <summary>The namespace in which it is made when it names none, where that is known: the one of the call.</summary>
    public string? AssumedNamespace { get; set; }

    /// <summary>Whether it is a part of an object that Kustomize lays over another, so that what it lacks says nothing.</summary>
    public bool IsPatch { get; set; }

    /// <summary>Whether a controller made it from another object that is looked at itself.</summary>
    public bool IsDerived => Live is not null && (Metadata?["ownerReferences"]?.Items is { Count: > 0 } || Annotations.ContainsKey("machineconfiguration.openshift.io/generated-by-controller-version"));

    /// <summary>The object as people name it: <c>NetworkPolicy sctp-demo/allow</c>.</summary>
    public string Title => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";

    /// <summary>Whether Helm has rendered it: its namespace is given at installation.</summary>
    public bool IsHelm => Labels.ContainsKey("helm.sh/chart") || Labels.ContainsKey("heritage") || (Labels.TryGetValue("app.kubernetes.io/managed-by", out var by) && by == "Helm")
        || Chunk?.Region.Text.Contains("# Source: ", StringComparison.Ordinal) == true;

    /// <summary>Whether it has to do with SCTP: a protocol, a port, a name, a label or a command says so.</summary>
    public bool IsSctp => _isSctp ??= SctpMentions.In(this);

    private bool? _isSctp;

    /// <summary>Whether this is an object of a kind, whatever the version.</summary>
    public bool Is(ResourceKind kind) => Kind == kind.Name && Group == kind.Group;

    /// <summary>Adds the object of a document to its file, or of a List each.</summary>
    internal static void AddAll(LintFile file, DocumentChunk chunk, ManifestNode root)
    {
        if (root["items"]?.Items is { } items && root["kind"]?.Text?.EndsWith("List", StringComparison.Ordinal) == true)
        {
            foreach (var item in items)
            {
                AddAll(file, chunk, item);
            }
        }
        else if (root.Entries is not null)
        {
            file.Documents.Add(new LintDocument(root) { File = file, Chunk = chunk });
        }
    }

    /// <summary>An object of a cluster or archive.</summary>
    public static LintDocument Of(ClusterObject live, bool isContext) => new(JsonTree.Node(live.Document)) { Live = live, IsContext = isContext, Namespace = live.Namespace };
}
