namespace Trunkline.Sctp.Service;

/// <summary>Flags of a Data frame.</summary>
[Flags]
internal enum DataFlags : byte
{
    None = 0,
    EndOfRecord = 1,
    Unordered = 2,
}
