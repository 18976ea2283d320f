using System.Text;
using k8s.Models;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Kinds.Strategies;
using Trunkline.ApiServer.Validation.Decoding;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds;

public sealed class DecodingTests
{
    [Theory]
    [InlineData(typeof(V1Service), """{"spec":{"ports":[{"port":"80"}]}}""", "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32")]
    [InlineData(typeof(V1Service), """{"spec":{"ports":[{"port":1.5}]}}""", "json: cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.port of type int32")]
    [InlineData(typeof(V1Service), """{"spec":{"ports":[{"protocol":6}]}}""", "json: cannot unmarshal number into Go struct field ServicePort.spec.ports.protocol of type v1.Protocol")]
    [InlineData(typeof(V1Service), """{"spec":{"ports":{}}}""", "json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort")]
    [InlineData(typeof(V1Service), """{"spec":[]}""", "json: cannot unmarshal array into Go struct field Service.spec of type v1.ServiceSpec")]
    [InlineData(typeof(V1Service), "[]", "json: cannot unmarshal array into Go value of type v1.Service")]
    [InlineData(typeof(V1Service), """{"metadata":{"labels":{"a":1}}}""", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData(typeof(V1Service), """{"spec":{"ports":[{"targetPort":true}]}}""", "json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32")]
    [InlineData(typeof(V1Pod), """{"spec":{"hostNetwork":"yes"}}""", "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool")]
    [InlineData(typeof(V1Pod), """{"spec":{"containers":[{"resources":{"limits":{"cpu":"many"}}}]}}""", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData(typeof(V1Secret), """{"data":{"a":"!!!!"}}""", "illegal base64 data at input byte 0")]
    public void A_wrong_type_is_told_in_Gos_words(Type model, string json, string message) =>
        Assert.Equal(message, Assert.Throws<DecodingException>(() => StrictDecoder.Decode(Encoding.UTF8.GetBytes(json), ModelSchema.Of(model))).Message);

    [Fact]
    public void Unknown_and_duplicate_fields_are_noted_where_they_stand()
    {
        var json = """{"metadata":{"spec":{}},"spec":{"type":"A","type":"B","ports":[{"port":1},{"port":2,"x":1}],"selector":{"a":"1","a":"2"}},"bogus":1}""";
        var decoded = StrictDecoder.Decode(Encoding.UTF8.GetBytes(json), ModelSchema.Of<V1Service>());
        Assert.Equal(
            ["unknown field \"metadata.spec\"", "duplicate field \"spec.type\"", "unknown field \"spec.ports[1].x\"", "duplicate field \"spec.selector.a\"", "unknown field \"bogus\""],
            decoded.StrictErrors);
        Assert.Equal("B", decoded.Document["spec"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public void Zero_values_are_left_out_and_pointers_kept()
    {
        var json = """{"metadata":{"name":"a","labels":{}},"spec":{"replicas":0,"paused":false,"template":{"spec":{"hostNetwork":false,"automountServiceAccountToken":false,"containers":[]}}}}""";
        var spec = StrictDecoder.Decode(Encoding.UTF8.GetBytes(json), ModelSchema.Of<V1Deployment>()).Document["spec"]!.AsObject();
        Assert.Equal(0, spec["replicas"]!.GetValue<long>());
        Assert.False(spec.ContainsKey("paused"));
        Assert.Equal("{\"automountServiceAccountToken\":false,\"containers\":[]}", spec["template"]!["spec"]!.ToJsonString());
        Assert.Equal("{}", spec["strategy"]!.ToJsonString());
    }

    [Fact]
    public void A_custom_resource_reports_wrong_types_to_its_schema()
    {
        var kind = KindCatalog.Find("machineconfiguration.openshift.io", "v1", "machineconfigpools")!;
        var decoded = StrategyCatalog.For(kind).Decode("""{"metadata":{"name":"a"},"spec":{"paused":"yes","configuration":{"source":{}},"x":1}}"""u8);
        Assert.Equal([new("spec.paused", "boolean", "string"), new TypeMismatch("spec.configuration.source", "array", "object")], decoded.Mismatches);
        Assert.Equal(["unknown field \"spec.x\""], decoded.StrictErrors);
    }

    [Fact]
    public void Text_that_is_no_text_is_replaced_as_Go_does()
    {
        byte[] json = [.. """{"metadata":{"annotations":{"a":"x\ud800y\n","b":" """u8, 0xff, .. "\",\"c\":\"\\ud83d\\ude00\"}}}"u8];
        var annotations = StrictDecoder.Decode(json, ModelSchema.Of<V1Service>()).Document["metadata"]!["annotations"]!;
        Assert.Equal(["x\ufffdy\n", " \ufffd", "\ud83d\ude00"], annotations.AsObject().Select(p => p.Value!.GetValue<string>()));
    }

    [Fact]
    public void A_key_given_twice_where_nothing_is_known_keeps_its_last_value()
    {
        var kind = KindCatalog.Find("machineconfiguration.openshift.io", "v1", "machineconfigs")!;
        var decoded = StrategyCatalog.For(kind).Decode("""{"metadata":{"name":"a"},"spec":{"config":{"a":1,"a":{"b":[1.5,null,true]}}}}"""u8);
        Assert.Equal("""{"a":{"b":[1.5,null,true]}}""", decoded.Document["spec"]!["config"]!.ToJsonString());
    }

    [Fact]
    public void Numbers_can_be_read_in_any_width()
    {
        var port = StrictDecoder.Decode("""{"spec":{"ports":[{"port":80}]}}"""u8, ModelSchema.Of<V1Service>()).Document["spec"]!["ports"]![0]!["port"];
        Assert.Equal(80, (int?)port);
        Assert.Equal(80L, (long?)port);
    }

    [Fact]
    public void A_document_without_end_is_refused()
    {
        var deep = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"spec\":", 100_000)));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => StrictDecoder.Decode(deep, ModelSchema.Of<V1Service>()));
    }

    [Theory]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1500m", "1500m")]
    [InlineData("1000m", "1")]
    [InlineData("0.5", "500m")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("8Gi", "8Gi")]
    [InlineData("1e3", "1e3")]
    [InlineData("0.1m", "100u")]
    [InlineData("-1", "-1")]
    [InlineData("100Ki", "100Ki")]
    [InlineData("12345", "12345")]
    [InlineData("1000000", "1M")]
    public void Quantities_have_one_way_to_be_written(string text, string canonical) => Assert.Equal(canonical, Quantity.Canonical(text));
}
