namespace Trunkline.Node.Network.Links;

/// <summary>Switches of the network namespace of the calling thread.</summary>
internal static class Sysctl
{
    /// <summary>Does nothing where the kernel has no such switch (built without IPv6, say).</summary>
    public static void Write(string name, string value)
    {
        // What is so already is left alone: some switches ("all") act on every link even where they change nothing.
        var path = $"/proc/sys/{name}";
        if (File.Exists(path) && File.ReadAllText(path).Trim() != value)
        {
            File.WriteAllText(path, value);
        }
    }
}
