namespace Trunkline.ApiServer.Http;

/// <summary>How an answer is to be written.</summary>
/// <param name="Yaml">As YAML rather than JSON.</param>
/// <param name="Transform">Empty, <c>Table</c>, <c>PartialObjectMetadata</c> or <c>PartialObjectMetadataList</c>.</param>
/// <param name="TransformVersion">The version of meta.k8s.io asked for.</param>
public sealed record Representation(bool Yaml, string Transform, string TransformVersion)
{
    public static readonly Representation Json = new(false, "", "");
}
