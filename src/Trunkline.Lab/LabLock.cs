namespace Trunkline.Lab;

/// <summary>One command at a time changes a lab. The kernel lets go of it when the command dies.</summary>
internal sealed class LabLock : IDisposable
{
    private readonly FileStream _file;

    private LabLock(FileStream file) => _file = file;

    public static async Task<LabLock> TakeAsync(LabPaths paths, TimeProvider time, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(paths.Lock)!);
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                // FileShare.None is flock(LOCK_EX) on Unix.
                return new LabLock(new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException error) when (error is not DirectoryNotFoundException)
            {
                if (time.GetElapsedTime(started) > TimeSpan.FromSeconds(90))
                {
                    throw new LabException($"another command is still changing lab {paths.Name}; wait for it, then try again.", LabFailure.Failed, error);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancel);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
