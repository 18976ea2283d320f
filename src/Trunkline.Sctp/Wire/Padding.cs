namespace Trunkline.Sctp.Wire;

/// <summary>Chunks, parameters and causes begin at multiples of four bytes.</summary>
internal static class Padding
{
    public static int Up(int length) => (length + 3) & ~3;
}
