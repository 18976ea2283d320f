using Microsoft.Extensions.Primitives;

namespace Trunkline.ApiServer.Http;

/// <summary>Booleans of a query as apimachinery converts them: given means true, but for <c>false</c> and <c>0</c>.</summary>
internal static class QueryFlag
{
    public static bool IsSet(StringValues values) =>
        values.Count > 0 && !(values[0] is { } text && (text == "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase)));
}
