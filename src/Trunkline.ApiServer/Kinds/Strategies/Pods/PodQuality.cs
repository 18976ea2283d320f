using System.Numerics;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Kinds.Strategies.Pods;

/// <summary>A Pod's quality-of-service class, from what its containers request and are limited to.</summary>
internal static class PodQuality
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(JsonObject? spec)
    {
        var resources = spec.Objects("containers").Concat(spec.Objects("initContainers")).Select(c => c.Obj("resources")).ToList();
        if (!resources.Any(r => Amounts(r, "requests").Concat(Amounts(r, "limits")).Any(a => a.Sign > 0)))
        {
            return "BestEffort";
        }

        return resources.All(IsGuaranteed) ? "Guaranteed" : "Burstable";
    }

    private static IEnumerable<BigInteger> Amounts(JsonObject? resources, string list) =>
        Counted.Select(name => Quantity.NanosOrZero(resources.Obj(list).Str(name)));

    private static bool IsGuaranteed(JsonObject? resources) => Counted.All(name =>
    {
        var limit = Quantity.NanosOrZero(resources.Obj("limits").Str(name));
        return limit.Sign > 0 && Quantity.NanosOrZero(resources.Obj("requests").Str(name)) == limit;
    });
}
