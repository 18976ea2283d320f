using System.Text.Json.Nodes;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Guide;

/// <summary>The guide's manifests: the files as written, and the two corrected policies.</summary>
internal static class GuideManifests
{
    public const string ExamplePod = "01-pod-example-pod.yaml";
    public const string ExampleService = "02-service-sctpserver.yaml";
    public const string AllowSctpOnHttp = "03-networkpolicy-allow-sctp-on-http.yaml";
    public const string MachineConfig = "04-machineconfig-load-sctp-module.yaml";
    public const string ServerPod = "05-pod-sctpserver.yaml";
    public const string Service = "06-service-sctpservice.yaml";
    public const string ClientPod = "07-pod-sctpclient.yaml";
    public const string DenyPolicy = "08-networkpolicy-sctp-deny-other-namespaces.yaml";
    public const string AllowPolicy = "09-networkpolicy-sctp-demo-allow.yaml";
    public const string CorrectedDenyPolicy = "corrected-deny-other-namespaces.yaml";
    public const string CorrectedAllowPolicy = "corrected-allow-ingressgateway.yaml";

    /// <summary>The text of a manifest.</summary>
    public static string Text(string file)
    {
        using var stream = typeof(GuideManifests).Assembly.GetManifestResourceStream($"Trunkline.Operations.Guide.Manifests.{file}")
            ?? throw new InvalidOperationException($"the manifest {file} is not part of this build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A manifest's object, as a client reads it.</summary>
    public static JsonObject Object(string file) => Manifest.Parse(Text(file));
}
