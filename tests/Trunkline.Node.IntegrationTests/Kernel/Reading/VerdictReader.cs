using System.Text.Json;
using Trunkline.Node.IntegrationTests.Kernel.Statements;

namespace Trunkline.Node.IntegrationTests.Kernel.Reading;

internal static class VerdictReader
{
    /// <summary>Null where it is no verdict.</summary>
    public static Verdict? TryRead(JsonElement json)
    {
        var (name, body) = ExpressionReader.Only(json);
        return name switch
        {
            "accept" => new Verdict(VerdictKind.Accept),
            "drop" => new Verdict(VerdictKind.Drop),
            "return" => new Verdict(VerdictKind.Return),
            "continue" => new Verdict(VerdictKind.Continue),
            "reject" => new Verdict(VerdictKind.Reject),
            "queue" => new Verdict(VerdictKind.Queue),
            "jump" => new Verdict(VerdictKind.Jump, body.GetProperty("target").GetString()),
            "goto" => new Verdict(VerdictKind.Goto, body.GetProperty("target").GetString()),
            _ => null,
        };
    }
}
