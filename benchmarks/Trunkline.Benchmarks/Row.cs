using System.Globalization;
using System.Text.Json.Serialization;

namespace Trunkline.Benchmarks;

/// <summary>One line of a report: what was measured, beside what, and whether it is good enough.</summary>
internal sealed record Row(string Name, string Unit, double Ours)
{
    public double? Peer { get; init; }

    [JsonPropertyName("peer_name")]
    public string? PeerName { get; init; }

    /// <summary>How many times better than the peer; where the peer is ourselves at another size, ours through it.</summary>
    public double? Ratio { get; init; }

    /// <summary>In words, as the goal was set.</summary>
    public string? Goal { get; init; }

    public bool? Met { get; init; }

    public static string Text(double? number) => number switch
    {
        null => "",
        >= 1000 => Math.Round(number.Value).ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => number.Value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => number.Value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
