using System.Runtime.InteropServices;

namespace Trunkline.NodeInit.Native;

/// <summary>A null-terminated vector of C strings, as argv and environ are.</summary>
internal sealed unsafe class Utf8Vector : IDisposable
{
    private readonly int _count;

    public Utf8Vector(IReadOnlyList<string> values)
    {
        _count = values.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < _count; i++)
        {
            Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(values[i]);
        }
    }

    public byte** Pointer { get; private set; }

    public void Dispose()
    {
        for (var i = 0; i < _count && Pointer != null; i++)
        {
            Marshal.FreeCoTaskMem((nint)Pointer[i]);
        }

        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
