using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Trunkline.Lab.Linux;

/// <summary>
/// Namespaces by the kernel's names ("net:[4026532217]"), kept alive while they are looked for: the kernel gives the number of a namespace that is gone to the
/// next new one, and whoever compares a name from before with a process of now would take a stranger for his own.
/// </summary>
internal sealed class HeldNamespaces : IDisposable
{
    private readonly Dictionary<string, SafeFileHandle> _held = new(StringComparer.Ordinal);

    /// <summary>Whether it is one of these.</summary>
    public bool Contains(string? name) => name is not null && _held.ContainsKey(name);

    /// <summary>Adds the one at a path (/proc/PID/ns/KIND, or where it is pinned), unless it has gone.</summary>
    public void Add(string path)
    {
        try
        {
            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var name = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}")).LinkTarget;
            if (name is null || !name.Contains(":[", StringComparison.Ordinal) || !_held.TryAdd(name, handle))
            {
                handle.Dispose();
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Its last process ended while we looked: nobody can be in it any more.
        }
    }

    /// <summary>Takes one out: the machine's own, which is nobody's to search.</summary>
    public void Remove(string? name)
    {
        if (name is not null && _held.Remove(name, out var handle))
        {
            handle.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var handle in _held.Values)
        {
            handle.Dispose();
        }
    }
}
