namespace Trunkline.Sctp.Endpoint;

/// <summary>Where tags, initial TSNs, nonces, secrets and jitter come from. On the wire it must be unpredictable (RFC 9260 section 5.3.1); in tests, seeded.</summary>
public interface ISctpRandom
{
    void Fill(Span<byte> destination);
}
