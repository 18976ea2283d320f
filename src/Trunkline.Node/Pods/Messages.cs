namespace Trunkline.Node.Pods;

/// <summary>What this node says that a kubelet would not: where its images come from.</summary>
internal static class Messages
{
    public static string Pulled(string image, string imageId) =>
        $"Container image \"{image}\" is not pulled: this node serves every image name by its base image {imageId}";
}
