using System.Runtime.InteropServices;

namespace Trunkline.Node.Runtime.Native;

/// <summary>A null-terminated array of C strings, as argv and environ are.</summary>
internal sealed unsafe class Utf8Vector : IDisposable
{
    private readonly int _count;

    public Utf8Vector(IReadOnlyCollection<string> strings)
    {
        _count = strings.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        var index = 0;
        foreach (var text in strings)
        {
            Pointer[index++] = (byte*)Marshal.StringToCoTaskMemUTF8(text);
        }
    }

    public byte** Pointer { get; }

    public void Dispose()
    {
        for (var index = 0; index < _count; index++)
        {
            Marshal.FreeCoTaskMem((nint)Pointer[index]);
        }

        NativeMemory.Free(Pointer);
    }
}
