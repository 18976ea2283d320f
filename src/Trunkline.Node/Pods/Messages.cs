namespace Trunkline.Node.Pods;

/// <summary>What this node says that a kubelet would not: where its images come from.</summary>
internal static class Messages
{
    /// <summary>The imageID of every container: the name of what is really run.</summary>
    public const string BaseImageId = "localhost/trunkline/base:lab";

    public static string Pulled(string image) =>
        $"Container image \"{image}\" is not pulled: this node serves every image name by its base image {BaseImageId}";
}
