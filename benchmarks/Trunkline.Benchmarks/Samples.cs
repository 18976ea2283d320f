namespace Trunkline.Benchmarks;

/// <summary>What is said of many measurements of one thing.</summary>
internal static class Samples
{
    public static double Median(this IEnumerable<double> samples) => samples.Quantile(0.5);

    public static double Quantile(this IEnumerable<double> samples, double part)
    {
        var sorted = samples.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
