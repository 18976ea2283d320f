using System.Runtime.InteropServices;

namespace Trunkline.Lab.Linux;

/// <summary>rmdir(2) by itself.</summary>
internal static partial class LibcDirectory
{
    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rmdir(string path);
}
