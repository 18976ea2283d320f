namespace Trunkline.NodeInit.Boot;

/// <summary>What a freshly booted node finds in its /run.</summary>
internal static class RunLayout
{
    public const string BootIdFile = "/run/trunkline/boot_id";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Make()
    {
        Directory.CreateDirectory("/run/netns");
        Directory.CreateDirectory("/run/lock");
        Directory.CreateDirectory(InitProcess.RunDirectory, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Directory.CreateDirectory("/run/trunkline/sctp/namespaces");
        Directory.CreateDirectory("/run/trunkline/sctp/pods");

        // The kernel's own boot id is the machine's; a node's must change whenever the node boots.
        File.WriteAllText(BootIdFile, $"{Guid.NewGuid():D}\n");
    }
}
