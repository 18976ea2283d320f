using System.Security.Cryptography;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Loops;

/// <summary>Unpredictable bytes (RFC 9260 section 5.3.1), from the kernel.</summary>
internal sealed class SystemRandom : ISctpRandom
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
