using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Defaulting;

/// <summary>apps/v1 defaults.go.</summary>
internal static class WorkloadDefaults
{
    public static void Deployment(JsonObject deployment)
    {
        var spec = Template(deployment);
        spec.Default("replicas", 1);
        var strategy = spec.Child("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Child("rollingUpdate").Default("maxUnavailable", "25%");
            strategy.Child("rollingUpdate").Default("maxSurge", "25%");
        }

        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
    }

    public static void ReplicaSet(JsonObject set)
    {
        Template(set).Default("replicas", 1);
        set.Child("status").Default("replicas", 0);
    }

    public static void DaemonSet(JsonObject set)
    {
        var spec = Template(set);
        var strategy = spec.Child("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            strategy.Child("rollingUpdate").Default("maxUnavailable", 1);
            strategy.Child("rollingUpdate").Default("maxSurge", 0);
        }

        spec.Default("revisionHistoryLimit", 10);
    }

    private static JsonObject Template(JsonObject workload)
    {
        var spec = workload.Child("spec");
        PodDefaults.Spec(spec.Child("template").Child("spec"));
        return spec;
    }
}
