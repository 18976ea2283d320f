namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>RFC 2397. The daemon has no network to fetch from, so files come as data URLs only.</summary>
internal static class DataUrl
{
    public static void Check(string? source, string path)
    {
        if (string.IsNullOrEmpty(source))
        {
            return;
        }

        if (!source.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            throw IgnitionConfig.Bad($"invalid url scheme: {path}");
        }

        var comma = source.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            throw IgnitionConfig.Bad($"missing comma before data: {path}");
        }

        var payload = source[(comma + 1)..];
        if (source[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            var clean = Uri.UnescapeDataString(payload);
            if (!Convert.TryFromBase64String(clean, new byte[(clean.Length * 3 / 4) + 3], out _))
            {
                throw IgnitionConfig.Bad($"unable to decode base64: {path}");
            }
        }
        else
        {
            CheckEscapes(payload, path);
        }
    }

    private static void CheckEscapes(string payload, string path)
    {
        for (var at = payload.IndexOf('%', StringComparison.Ordinal); at >= 0; at = payload.IndexOf('%', at + 1))
        {
            if (at + 2 >= payload.Length || !char.IsAsciiHexDigit(payload[at + 1]) || !char.IsAsciiHexDigit(payload[at + 2]))
            {
                throw IgnitionConfig.Bad($"invalid URL escape: {path}");
            }
        }
    }
}
