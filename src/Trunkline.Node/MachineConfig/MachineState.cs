using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.Node.MachineConfig;

/// <summary>What the daemon remembers over reboots, in the node's own /etc: the configuration it runs, and the one a reboot is to finish.</summary>
internal sealed class MachineState(MachineRoot root, TimeProvider time)
{
    private const string Directory = "/etc/machine-config-daemon";

    public FileApplier Files { get; } = new(root);

    private string CurrentFile => root.Of($"{Directory}/currentconfig");

    private string PendingFile => root.Of($"{Directory}/pendingconfig");

    public RenderedConfig? Current => File.Exists(CurrentFile) ? RenderedConfig.Parse(File.ReadAllText(CurrentFile)) : null;

    /// <summary>The configuration whose files are written, with the boot in which they were; another boot completes it.</summary>
    public (RenderedConfig Config, string BootId)? Pending
    {
        get
        {
            if (!File.Exists(PendingFile))
            {
                return null;
            }

            var record = JsonNode.Parse(File.ReadAllText(PendingFile))!;
            return (RenderedConfig.Parse((string)record["config"]!), (string)record["bootID"]!);
        }
    }

    public void SetCurrent(RenderedConfig config)
    {
        Write(CurrentFile, config.Json);
        File.Delete(PendingFile);
    }

    public void SetPending(RenderedConfig config, string bootId) => Write(PendingFile, new JsonObject
    {
        ["config"] = config.Json,
        ["bootID"] = bootId,
        ["at"] = JsonEncodedText.Encode(time.GetUtcNow().ToString("O")).ToString(),
    }.ToJsonString());

    private static void Write(string path, string text)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var stream = new FileStream(path + ".new", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
