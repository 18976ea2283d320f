using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Metadata;
using Trunkline.ApiServer.Validation.Pods;
using Trunkline.ApiServer.Validation.Selectors;

namespace Trunkline.ApiServer.Validation.Workloads;

/// <summary>Deployment, ReplicaSet and DaemonSet: replicas, selector, template and how updates roll.</summary>
internal static class WorkloadRules
{
    public static void Deployment(FieldErrors errors, JsonObject deployment)
    {
        var spec = deployment.Obj("spec");
        errors.NonNegative("spec.replicas", spec.Int("replicas"));
        SelectorAndTemplate(errors, "Deployment", deployment, "deployment");
        var strategy = spec.Obj("strategy");
        switch (strategy.Text("type"))
        {
            case "RollingUpdate":
                Rolling(errors, "spec.strategy.rollingUpdate", strategy.Obj("rollingUpdate"));
                break;
            case "Recreate" when strategy.Has("rollingUpdate"):
                errors.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
                break;
            case "Recreate":
                break;
            default:
                errors.NotSupported("spec.strategy.type", strategy.Text("type"), "Recreate", "RollingUpdate");
                break;
        }

        errors.NonNegative("spec.minReadySeconds", spec.Int("minReadySeconds"));
        errors.NonNegative("spec.revisionHistoryLimit", spec.Int("revisionHistoryLimit"));
        errors.NonNegative("spec.progressDeadlineSeconds", spec.Int("progressDeadlineSeconds"));
        if (spec.Int("progressDeadlineSeconds") is { } deadline && deadline <= (spec.Int("minReadySeconds") ?? 0))
        {
            errors.Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
        }
    }

    public static void ReplicaSet(FieldErrors errors, JsonObject set)
    {
        var spec = set.Obj("spec");
        errors.NonNegative("spec.replicas", spec.Int("replicas"));
        errors.NonNegative("spec.minReadySeconds", spec.Int("minReadySeconds"));
        SelectorAndTemplate(errors, "ReplicaSet", set, "deployment");
    }

    public static void DaemonSet(FieldErrors errors, JsonObject set)
    {
        var spec = set.Obj("spec");
        SelectorAndTemplate(errors, "DaemonSet", set, "daemonset");
        errors.NonNegative("spec.minReadySeconds", spec.Int("minReadySeconds"));
        if (spec.Obj("updateStrategy").Text("type") is var type and not ("RollingUpdate" or "OnDelete"))
        {
            errors.NotSupported("spec.updateStrategy.type", type, "RollingUpdate", "OnDelete");
        }

        errors.NonNegative("spec.revisionHistoryLimit", spec.Int("revisionHistoryLimit"));
    }

    /// <summary>The selector is fixed once given: changing it would orphan Pods.</summary>
    public static void SelectorUpdate(FieldErrors errors, JsonObject workload, JsonObject old)
    {
        if (!NodeReader.Same(workload.Obj("spec")?["selector"], old.Obj("spec")?["selector"]))
        {
            errors.Invalid("spec.selector", LabelSelectorRules.Print(workload.Obj("spec").Obj("selector")), "field is immutable");
        }
    }

    private static void SelectorAndTemplate(FieldErrors errors, string kind, JsonObject workload, string word)
    {
        var spec = workload.Obj("spec");
        var selector = spec.Obj("selector");
        if (selector is null)
        {
            errors.Required("spec.selector");
        }
        else
        {
            errors.LabelSelector("spec.selector", selector);
            if (LabelSelectorRules.IsEmpty(selector))
            {
                errors.Invalid("spec.selector", LabelSelectorRules.Print(selector), $"empty selector is invalid for {word}");
            }
        }

        var template = spec.Obj("template");
        errors.Template(template);
        var labels = template.Obj("metadata").Obj("labels");
        if (selector is not null && !LabelSelectorRules.IsEmpty(selector) && !LabelMatcher.Matches(selector, labels))
        {
            errors.Invalid("spec.template.metadata.labels", Go.Map(labels), "`selector` does not match template `labels`");
        }

        if (template.Obj("spec").Text("restartPolicy") is { Length: > 0 } policy and not "Always")
        {
            errors.NotSupported("spec.template.spec.restartPolicy", policy, "Always");
        }

        if (template.Obj("spec").Has("activeDeadlineSeconds"))
        {
            errors.Forbidden("spec.template.spec.activeDeadlineSeconds", $"activeDeadlineSeconds in {kind} is not Supported");
        }
    }

    private static void Template(this FieldErrors errors, JsonObject? template)
    {
        errors.Labels("spec.template.labels", template.Obj("metadata").Map("labels"));
        errors.Annotations("spec.template.annotations", template.Obj("metadata").Map("annotations"));
        errors.PodSpec("spec.template.spec", template.Obj("spec"));
    }

    private static void Rolling(FieldErrors errors, string path, JsonObject? rolling)
    {
        if (rolling is null)
        {
            errors.Required(path, "this should be defaulted and never be nil");
            return;
        }

        foreach (var field in (string[])["maxUnavailable", "maxSurge"])
        {
            IntOrPercent.Validate(errors, $"{path}.{field}", rolling[field]);
        }

        if (IntOrPercent.IsZero(rolling["maxUnavailable"]) && IntOrPercent.IsZero(rolling["maxSurge"]))
        {
            errors.Invalid(path + ".maxUnavailable", IntOrPercent.Value(rolling["maxUnavailable"]), "may not be 0 when `maxSurge` is 0");
        }
    }
}
