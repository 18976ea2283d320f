using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Lint.Rules;
using Trunkline.Operations.Lint.Silencing;
using Trunkline.Operations.Lint.Sources;

namespace Trunkline.Operations.Lint;

/// <summary>Lints files in the context of each other and of a cluster.</summary>
public static class Linter
{
    /// <summary>Lints.</summary>
    /// <param name="files">The files, read. Without any, the cluster's own objects are linted.</param>
    /// <param name="options">What else counts.</param>
    /// <param name="done">Told of the number of files done.</param>
    /// <param name="cancel">Stops the lint.</param>
    public static IReadOnlyList<LintFinding> Run(IReadOnlyList<LintFile> files, LintOptions options, Action<int>? done, CancellationToken cancel)
    {
        Kustomizations.Apply(files);
        var live = options.Cluster is { } cluster ? LiveDocuments(cluster, isContext: files.Count > 0) : [];
        List<LintDocument> documents = [.. files.SelectMany(file => file.Documents), .. live];
        var context = new LintContext(WithNamespaces(documents, options), options.Cluster is not null);
        var findings = new List<LintFinding>();
        for (var i = 0; i < files.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            findings.AddRange(One(files[i], context));
            done?.Invoke(i + 1);
        }

        var report = new LintReport();
        foreach (var document in live.Where(document => !document.IsContext && !document.IsDerived))
        {
            cancel.ThrowIfCancellationRequested();
            Check(document, context, report);
        }

        findings.AddRange(report.Findings);
        return Judged(findings, options.Config);
    }

    private static List<LintFinding> One(LintFile file, LintContext context)
    {
        var report = new LintReport();
        foreach (var rule in AllRules.Files)
        {
            rule.Check(file, context, report);
        }

        foreach (var document in file.Documents.Where(document => !document.IsPatch))
        {
            Check(document, context, report);
        }

        var silenced = SilenceComments.Read(file, report);
        return [.. report.Findings.Where(finding => !silenced.Covers(finding))];
    }

    private static void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (document.ApiVersion.Length == 0 || document.Kind.Length == 0)
        {
            return; // a Helm values file, a configuration of something else
        }

        foreach (var rule in AllRules.Documents)
        {
            rule.Check(document, context, report);
        }
    }

    private static List<LintFinding> Judged(List<LintFinding> findings, LintConfig config) =>
        [.. findings.Select(found => config.Judge(found.Finding) is { } judged ? found with { Finding = judged } : null).OfType<LintFinding>()];

    private static List<LintDocument> LiveDocuments(Objects.ClusterObjects cluster, bool isContext) =>
        [.. Cluster.ResourceKinds.All.SelectMany(cluster.Of).Select(found => LintDocument.Of(found, isContext))];

    private static List<LintDocument> WithNamespaces(List<LintDocument> documents, LintOptions options)
    {
        foreach (var document in documents.Where(document => options.Namespace is not null && document.Live is null && document.Namespace is null && !document.IsPatch))
        {
            document.AssumedNamespace = options.Namespace;
        }

        return documents;
    }
}
