using System.Text.Json.Nodes;
using CsCheck;
using Trunkline.Operations.Manifests;
using Xunit;

namespace Trunkline.Operations.Tests.Manifests;

public sealed class ManifestWriterTests
{
    [Theory]
    [InlineData("no")]
    [InlineData("0644")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("- x")]
    [InlineData("a: b")]
    [InlineData("# c")]
    [InlineData("two\nlines")]
    [InlineData("two\nlines\n")]
    [InlineData("ends in more\n\n")]
    [InlineData("\nbegins with one")]
    [InlineData("  indented\nfirst")]
    [InlineData("tab\tand\nline")]
    [InlineData("\u0000\u001b[2J")]
    [InlineData("日本語\nzwei")]
    [InlineData(" lead\n")]
    [InlineData("trail \nx")]
    [InlineData("NaN")]
    [InlineData("2026-01-01")]
    public void A_text_stays_a_text(string text) => Same(new JsonObject { ["a"] = text, ["b"] = new JsonArray(text, new JsonObject { ["c"] = text }), [text] = 1 });

    [Fact]
    public void Whatever_is_written_is_read_back() =>
        Gen.Select(Gen.String[Gen.Char["ab:-#'\" \n\t{}[]&*!|>%@0123456789.é~?,"], 0, 12], Gen.Int, Gen.Bool).Sample(
            (text, number, flag) => Same(new JsonObject
            {
                ["k"] = text,
                ["n"] = number,
                ["f"] = flag,
                ["none"] = null,
                ["empty"] = new JsonObject(),
                ["list"] = new JsonArray(new JsonArray(text, number), new JsonObject(), new JsonArray(), new JsonObject { ["x"] = new JsonObject { ["y"] = text } }),
            }),
            iter: 2000);

    private static void Same(JsonObject item) => Assert.Equal(item.ToJsonString(), Assert.Single(Manifest.ParseAll(ManifestWriter.Write(item))).ToJsonString());
}
