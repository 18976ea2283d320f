using System.Globalization;
using k8s.Models;

namespace Trunkline.Controllers.Disruption;

/// <summary>How many Pods a PodDisruptionBudget wants healthy.</summary>
internal static class DisruptionMath
{
    /// <summary>Percentages are of the expected Pods and rounded up, for minAvailable and maxUnavailable alike.</summary>
    public static int DesiredHealthy(V1PodDisruptionBudgetSpec spec, int expected)
    {
        if (spec.MaxUnavailable?.Value is { } unavailable)
        {
            return Math.Max(0, expected - Resolve(unavailable, expected));
        }

        return spec.MinAvailable?.Value is { } available ? Resolve(available, expected) : 0;
    }

    /// <summary>A plain minAvailable counts the Pods there are; everything else counts what their controllers want.</summary>
    public static bool NeedsControllers(V1PodDisruptionBudgetSpec spec) => spec.MaxUnavailable?.Value is not null || IsPercent(spec.MinAvailable?.Value);

    private static bool IsPercent(string? value) => value?.EndsWith('%') == true;

    private static int Resolve(string text, int total)
    {
        return IsPercent(text)
            ? (int)Math.Ceiling(int.Parse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture) * (decimal)total / 100)
            : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
