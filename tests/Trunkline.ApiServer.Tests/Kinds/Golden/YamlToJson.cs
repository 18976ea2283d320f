using YamlDotNet.Serialization;

namespace Trunkline.ApiServer.Tests.Kinds.Golden;

internal static class YamlToJson
{
    public static string Convert(string yaml)
    {
        var graph = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(yaml);
        return new SerializerBuilder().JsonCompatible().Build().Serialize(graph);
    }
}
