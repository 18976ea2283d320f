namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>One packet as tshark read it.</summary>
internal sealed record CapturedPacket(
    string Source, uint Tag, IReadOnlyList<int> Chunks, string Checksum, uint InitiateTag, bool Faulty, uint Tsn, uint Acknowledged, bool IsIcmp)
{
    public bool Has(int chunk) => Chunks.Contains(chunk);
}
