namespace Trunkline.Lab;

/// <summary>
/// One command at a time changes a lab, and one at a time chooses a port. The kernel lets go of it when the command dies; the file is there
/// only while somebody holds it.
/// </summary>
internal sealed class LabLock : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;

    private LabLock(FileStream file) => _file = file;

    /// <summary>Waits until it is ours.</summary>
    /// <param name="path">The file that is held.</param>
    /// <param name="doing">What its holder does, for the message of one who waited in vain: "changing lab x".</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<LabLock> TakeAsync(string path, string doing, TimeProvider time, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (TryTake(path) is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(started) > s_patience)
            {
                throw new LabException($"another command is still {doing}; wait for it, then try again.", LabFailure.Failed);
            }

            await Task.Delay(s_poll, time, cancel);
        }
    }

    public void Dispose()
    {
        File.Delete(_file.Name);
        _file.Dispose();
    }

    private static LabLock? TryTake(string path)
    {
        try
        {
            // FileShare.None is flock(LOCK_EX) on Unix.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (File.Exists(path))
            {
                return new LabLock(file);
            }

            file.Dispose(); // its last holder removed the file between our open and our lock: what we hold is no longer what others open
            return null;
        }
        catch (IOException)
        {
            return null; // held by another, or its directory was removed with the last lab
        }
    }
}
