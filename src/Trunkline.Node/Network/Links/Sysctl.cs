namespace Trunkline.Node.Network.Links;

/// <summary>Switches of the network namespace of the calling thread.</summary>
internal static class Sysctl
{
    /// <summary>Does nothing where the kernel has no such switch (built without IPv6, say).</summary>
    public static void Write(string name, string value)
    {
        var path = $"/proc/sys/{name}";
        if (File.Exists(path))
        {
            File.WriteAllText(path, value);
        }
    }
}
