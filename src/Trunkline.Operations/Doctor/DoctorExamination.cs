using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Doctor;

/// <summary>Runs all checks over what was read, and makes of what they say one finding a problem.</summary>
public static class DoctorExamination
{
    private const int MostEvidence = 12;

    /// <summary>Looks at everything.</summary>
    /// <param name="objects">The cluster's objects.</param>
    /// <param name="facts">What probes saw.</param>
    /// <param name="resource">What to narrow it to; null for all.</param>
    /// <returns>The findings, worst first.</returns>
    /// <exception cref="Cluster.ClusterException">There is no such resource.</exception>
    public static IReadOnlyList<Finding> Examine(ClusterObjects objects, ProbeFacts facts, ResourceName? resource = null)
    {
        var view = new ClusterView(objects, facts);
        var scope = resource is null ? null : ResourceScope.Of(view, resource);
        var said = DoctorChecks.All.SelectMany(check => check.Look(view)).ToList();
        var problems = Merged(Rooted(said)).Where(problem => scope is null || problem.Subjects.Any(scope.Contains) || problem.About.Contains(resource!.Title)).Select(Finding);
        return Findings.Finding.Ordered(problems.Concat(Unlooked(objects, facts)));
    }

    // What others explain wholly is their evidence and no finding of its own.
    private static IEnumerable<Diagnosis> Rooted(List<Diagnosis> said)
    {
        var roots = said.SelectMany(one => one.Explains.Select(trouble => (trouble, one))).ToLookup(pair => pair.trouble, pair => pair.one);
        var consequences = new Dictionary<Diagnosis, List<Diagnosis>>(ReferenceEqualityComparer.Instance);
        var rest = new List<Diagnosis>();
        foreach (var one in said)
        {
            var reasons = one.SymptomOf.Select(trouble => roots[trouble].FirstOrDefault(root => !ReferenceEquals(root, one))).ToList();
            if (reasons.Count == 0 || reasons.Contains(null))
            {
                rest.Add(one);
                continue;
            }

            foreach (var reason in reasons.Distinct())
            {
                if (!consequences.TryGetValue(reason!, out var list))
                {
                    consequences[reason!] = list = [];
                }

                list.Add(one);
            }
        }

        // Two that explain each other must not both go: a consequence whose reasons are themselves consequences is told by their root.
        return rest.Select(root => Closure(root, consequences) is { Count: > 0 } all
            ? root with { Evidence = [.. root.Evidence, .. all.Select(one => $"so: {one.Message}")], Concerns = [.. root.Concerns, .. all.SelectMany(one => one.About)], Explains = [] }
            : root).Concat(said.Except(rest, ReferenceEqualityComparer.Instance as IEqualityComparer<Diagnosis> ?? EqualityComparer<Diagnosis>.Default).Where(one => !rest.Exists(root => Closure(root, consequences).Contains(one))));
    }

    private static HashSet<Diagnosis> Closure(Diagnosis root, Dictionary<Diagnosis, List<Diagnosis>> consequences)
    {
        var found = new HashSet<Diagnosis>(ReferenceEqualityComparer.Instance);
        var open = new Stack<Diagnosis>([root]);
        while (open.TryPop(out var next))
        {
            foreach (var one in consequences.GetValueOrDefault(next) ?? [])
            {
                if (!ReferenceEquals(one, root) && found.Add(one))
                {
                    open.Push(one);
                }
            }
        }

        return found;
    }

    private static IEnumerable<Diagnosis> Merged(IEnumerable<Diagnosis> said)
    {
        foreach (var same in said.GroupBy(one => (one.Rule.Id, one.Severity, Cause: one.Cause ?? $"{one.Subject}\n{one.Message}")))
        {
            var first = same.First();
            var others = same.Select(one => one.Subject).Distinct().Where(subject => subject != first.Subject).ToList();
            yield return first with
            {
                Message = others.Count == 0 ? first.Message : $"{first.Message.TrimEnd('.')}; the same is so of {Checks.Advice.List(others)}.",
                Evidence = [.. same.SelectMany(one => one.Evidence).Distinct()],
                Concerns = [.. same.SelectMany(one => one.About).Distinct()],
                Subjects = [first.Subject, .. others],
            };
        }
    }

    private static Finding Finding(Diagnosis one)
    {
        var evidence = one.Evidence.Where(line => line.Length > 0).Distinct().ToList();
        return new(one.Rule.Id, one.Severity ?? one.Rule.Severity, one.Message)
        {
            Subject = one.Subject,
            Evidence = evidence.Count <= MostEvidence ? evidence : [.. evidence.Take(MostEvidence), $"and {evidence.Count - MostEvidence} lines more of the same"],
            Fix = one.Fix,
        };
    }

    private static IEnumerable<Finding> Unlooked(ClusterObjects objects, ProbeFacts facts)
    {
        foreach (var unread in objects.Unread)
        {
            var silent = DoctorChecks.All.Where(check => check.Needs.Contains(unread.Kind)).SelectMany(check => check.Rules).Select(rule => rule.Id).Order(StringComparer.Ordinal).ToList();
            yield return new(DoctorChecks.Unread.Id, Severity.Info, unread.Forbidden
                ? $"The right to list {unread.Kind} is missing: what depends on them was not looked at."
                : $"{unread.Kind} could not be read: what depends on them was not looked at.")
            {
                Evidence = [unread.Why, .. silent.Count == 0 ? Array.Empty<string>() : [$"checks that miss them: {string.Join(", ", silent)}"]],
                Fix = unread.Forbidden ? $"Grant the verb list on {unread.Kind} (apiGroups: [\"{unread.Kind.Group}\"], resources: [{unread.Kind.Plural}])." : null,
            };
        }

        if (objects.UnreadFiles.Count > 0)
        {
            yield return new(DoctorChecks.Unread.Id, Severity.Info, $"{objects.UnreadFiles.Count} files of {objects.Source} could not be read.") { Evidence = [.. objects.UnreadFiles.Take(MostEvidence).Select(file => $"{file.File}: {file.Why}")] };
        }

        foreach (var why in facts.NotLooked.Distinct())
        {
            yield return new(DoctorChecks.NotProbed.Id, Severity.Info, why);
        }
    }
}
