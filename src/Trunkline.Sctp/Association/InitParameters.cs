using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

/// <summary>The parameters of an INIT or INIT ACK, judged (RFC 9260 sections 3.2.1, 3.3.2, 3.3.3). Addresses are passed over: one path is in use.</summary>
internal ref struct InitParameters
{
    // A peer's nonsense is reported back only so far.
    private const int MaxReported = 256;

    public InitParameters(ReadOnlySpan<byte> parameters)
    {
        var reader = new TlvReader(parameters);
        while (reader.TryRead(out var parameter) && Take(parameter))
        {
        }

        IsUsable = !reader.Malformed && !HasHostName;
    }

    /// <summary>False where the lengths do not fit, or the peer gave a host name (section 3.3.2.1: ABORT).</summary>
    public bool IsUsable { get; }

    public bool HasHostName { get; private set; }

    public ReadOnlySpan<byte> Cookie { get; private set; }

    /// <summary>Microseconds the peer wants its cookie to live longer.</summary>
    public long CookieLifeIncrement { get; private set; }

    /// <summary>Parameters to report, padded, one after another.</summary>
    public byte[] Unrecognized { get; private set; } = [];

    private bool Take(in Tlv parameter)
    {
        switch ((ParameterType)parameter.Type)
        {
            case ParameterType.StateCookie:
                Cookie = Cookie.IsEmpty ? parameter.Value : Cookie;
                return true;
            case ParameterType.HostName:
                HasHostName = true;
                return false;
            case ParameterType.CookiePreservative when parameter.Value.Length == 4:
                CookieLifeIncrement = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(parameter.Value) * 1000L;
                return true;
            case ParameterType.IPv4Address or ParameterType.IPv6Address or ParameterType.Unrecognized
                or ParameterType.CookiePreservative or ParameterType.SupportedAddressTypes:
                return true;
            default:
                Report(parameter);
                return (parameter.Type & 0x8000) != 0;
        }
    }

    /// <summary>The two highest bits: 00 stop, 01 stop and report, 10 skip, 11 skip and report (section 3.2.1).</summary>
    private void Report(in Tlv parameter)
    {
        var size = Padding.Up(parameter.Whole.Length);
        if ((parameter.Type & 0x4000) != 0 && Unrecognized.Length + size <= MaxReported)
        {
            var longer = new byte[Unrecognized.Length + size];
            Unrecognized.CopyTo(longer, 0);
            parameter.Whole.CopyTo(longer.AsSpan(Unrecognized.Length));
            Unrecognized = longer;
        }
    }
}
