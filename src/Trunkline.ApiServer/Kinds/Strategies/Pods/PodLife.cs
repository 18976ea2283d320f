using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Kinds.Strategies.Pods;

/// <summary>A new Pod: the status it begins with.</summary>
internal static class PodLife
{
    // The letters of generated names: no vowels, so that no words come out, and nothing that is easily misread.
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static void Create(JsonObject pod) =>
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = PodQuality.Of(pod.Obj("spec")) };

    public static string Suffix() => RandomNumberGenerator.GetString(Letters, 5);
}
