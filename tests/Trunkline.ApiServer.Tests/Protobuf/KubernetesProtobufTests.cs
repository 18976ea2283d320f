using System.Text;
using CsCheck;
using Trunkline.ApiServer.Protobuf;
using Xunit;

namespace Trunkline.ApiServer.Tests.Protobuf;

public sealed class KubernetesProtobufTests
{
    [Fact]
    public void A_namespace_is_read()
    {
        var body = Envelope("v1", "Namespace", Field(1, Field(1, "demo"), Field(2, ""), Field(8, []), Field(11, Field(1, "a"), Field(2, "b"))), Field(2, []), Field(3, Field(1, "")));

        Assert.True(KubernetesProtobuf.TryDecode(body, out var item, out _));
        Assert.Equal("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"demo","labels":{"a":"b"}},"spec":{},"status":{}}""", item.ToJsonString());
    }

    [Fact]
    public void Fields_that_the_api_writes_inline_stand_in_the_outer_object()
    {
        // A volume is {1 name, 2 volumeSource {2 emptyDir {}}}.
        var body = Envelope("v1", "Pod", Field(2, Field(1, Field(1, "scratch"), Field(2, Field(2, [])))));

        Assert.True(KubernetesProtobuf.TryDecode(body, out var item, out _));
        Assert.Equal("""{"volumes":[{"name":"scratch","emptyDir":{}}]}""", item["spec"]!.ToJsonString());
    }

    [Fact]
    public void A_pointer_to_zero_is_kept_and_a_plain_zero_is_not()
    {
        // PodSpec 4 terminationGracePeriodSeconds is a pointer, 11 hostNetwork is not.
        var body = Envelope("v1", "Pod", Field(2, [4 << 3, 0, 11 << 3, 0]));

        Assert.True(KubernetesProtobuf.TryDecode(body, out var item, out _));
        Assert.Equal("""{"terminationGracePeriodSeconds":0}""", item["spec"]!.ToJsonString());
    }

    [Fact]
    public void A_kind_that_is_not_known_is_named()
    {
        Assert.False(KubernetesProtobuf.TryDecode(Envelope("v1", "Nonsense"), out _, out var error));
        Assert.Contains("Nonsense", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_and_changed_bodies_are_refused_or_read_but_never_thrown_at()
    {
        var body = Envelope("v1", "Pod", Field(1, Field(1, "p")), Field(2, Field(2, Field(1, "c"), Field(6, [8, 1, 16, 2]))));
        Gen.Select(Gen.Int[0, body.Length], Gen.Int[0, body.Length - 1], Gen.Byte).Sample((cut, at, with) =>
        {
            var changed = body.ToArray();
            changed[at] = with;
            KubernetesProtobuf.TryDecode(changed.AsSpan(0, cut), out _, out _);
        });
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        // JSONSchemaProps-like recursion does not exist in these kinds; a PodSpec's affinity cannot nest itself. Depth is bounded all the same.
        byte[] inner = [];
        for (var i = 0; i < 1000; i++)
        {
            inner = Field(2, inner);
        }

        KubernetesProtobuf.TryDecode(Envelope("v1", "Pod", inner), out _, out _);
    }

    [Fact]
    public void Every_type_in_the_table_is_known()
    {
        string[] plain = ["string", "bool", "int32", "int64", "uint32", "uint64", "bytes", "double", "time", "microtime", "quantity", "intorstring", "fields"];
        foreach (var (apiVersion, kind) in ProtobufTable.Instance.Kinds)
        {
            var todo = new Queue<string>([ProtobufTable.Instance.MessageOf(apiVersion, kind)!]);
            var seen = new HashSet<string>();
            while (todo.TryDequeue(out var message))
            {
                foreach (var field in ProtobufTable.Instance.Fields(message).Values.Where(f => !plain.Contains(f.Type) && seen.Add(f.Type)))
                {
                    Assert.True(ProtobufTable.Instance.IsMessage(field.Type), $"{message}: {field.Type}");
                    todo.Enqueue(field.Type);
                }
            }
        }
    }

    private static byte[] Envelope(string apiVersion, string kind, params byte[][] fields) =>
        [.. "k8s\0"u8, .. Field(1, Field(1, apiVersion), Field(2, kind)), .. Field(2, fields)];

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, params byte[][] fields)
    {
        var content = fields.SelectMany(f => f).ToArray();
        return [.. Varint(((uint)number << 3) | 2), .. Varint((uint)content.Length), .. content];
    }

    private static IEnumerable<byte> Varint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
