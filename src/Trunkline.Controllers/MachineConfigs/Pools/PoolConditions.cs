using Trunkline.Controllers.MachineConfigs.Models;

namespace Trunkline.Controllers.MachineConfigs.Pools;

internal static class PoolConditions
{
    /// <summary>Sets a condition; its time moves only when its status does. Says whether anything changed.</summary>
    public static bool Set(IList<PoolCondition> conditions, string type, bool status, string reason, string message, DateTime now)
    {
        var word = status ? "True" : "False";
        var have = conditions.FirstOrDefault(c => c.Type == type);
        if (have is not null && have.Status == word && have.Reason == reason && have.Message == message)
        {
            return false;
        }

        var made = new PoolCondition
        {
            Type = type,
            Status = word,
            Reason = reason,
            Message = message,
            LastTransitionTime = have?.Status == word ? have.LastTransitionTime : now,
        };
        if (have is null)
        {
            conditions.Add(made);
        }
        else
        {
            conditions[conditions.IndexOf(have)] = made;
        }

        return true;
    }

    public static bool IsTrue(IEnumerable<PoolCondition> conditions, string type) => conditions.Any(c => c.Type == type && c.Status == "True");

    /// <summary>Degraded is that one of the others is.</summary>
    public static bool Summarize(IList<PoolCondition> conditions, DateTime now) =>
        Set(conditions, "Degraded", IsTrue(conditions, "RenderDegraded") || IsTrue(conditions, "NodeDegraded"), "", "", now);
}
