using System.Security.Cryptography;

namespace Trunkline.Sctp.Endpoint;

/// <summary>Seals cookies with HMAC-SHA-256, so that only we can have made one that comes back (RFC 9260 section 5.1.3).</summary>
internal sealed class CookieSealer
{
    public const int SecretSize = 32;
    public const int SealedSize = StateCookie.Size + HMACSHA256.HashSizeInBytes;
    private readonly byte[] _secret = new byte[SecretSize];
    private readonly byte[] _previous = new byte[SecretSize];

    public CookieSealer(ISctpRandom random)
    {
        random.Fill(_secret);
        _secret.CopyTo(_previous, 0);
    }

    public void Rotate(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretSize, nameof(secret));
        _secret.CopyTo(_previous, 0);
        secret.CopyTo(_secret);
    }

    public void Seal(in StateCookie cookie, Span<byte> destination)
    {
        cookie.WriteTo(destination);
        HMACSHA256.HashData(_secret, destination[..StateCookie.Size], destination[StateCookie.Size..SealedSize]);
    }

    public bool TryOpen(ReadOnlySpan<byte> bytes, out StateCookie cookie)
    {
        if (bytes.Length != SealedSize || !(IsSealedWith(_secret, bytes) || IsSealedWith(_previous, bytes)))
        {
            cookie = default;
            return false;
        }

        cookie = StateCookie.Read(bytes);
        return true;
    }

    private static bool IsSealedWith(byte[] secret, ReadOnlySpan<byte> bytes)
    {
        Span<byte> seal = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, bytes[..StateCookie.Size], seal);
        return CryptographicOperations.FixedTimeEquals(seal, bytes[StateCookie.Size..]);
    }
}
