using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Runtime;

/// <summary>A container's root: the base image, read-only, under a layer of its own.</summary>
internal sealed class ContainerRoot(string imageRoot)
{
    /// <summary>Mounts a fresh root below <paramref name="directory"/>; gives its path.</summary>
    public string Create(string directory)
    {
        Remove(directory);
        var root = Path.Join(directory, "root");
        var upper = Path.Join(directory, "upper");
        var work = Path.Join(directory, "work");
        Directory.CreateDirectory(root);
        Directory.CreateDirectory(upper);
        Directory.CreateDirectory(work);

        // The upper directory's mode is the container's / mode: anybody may look into it.
        File.SetUnixFileMode(upper, (UnixFileMode)0b111_101_101);
        Libc.Mount("overlay", root, "overlay", Libc.MountNoDev, $"lowerdir={imageRoot},upperdir={upper},workdir={work}");
        return root;
    }

    public static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Libc.Unmount(Path.Join(directory, "root"));
            Directory.Delete(directory, recursive: true);
        }
    }
}
