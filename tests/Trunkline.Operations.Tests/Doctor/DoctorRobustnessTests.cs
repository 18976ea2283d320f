using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor;
using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Objects;
using Xunit;

namespace Trunkline.Operations.Tests.Doctor;

/// <summary>Objects and probes come from elsewhere: whatever is missing or of another kind, the checks go on.</summary>
public sealed class DoctorRobustnessTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases => [.. DoctorCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task No_missing_or_strange_field_stops_a_check(string name)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sick = new DoctorCase(Path.Combine(DoctorCase.Root, name, "sick"));
        var (objects, facts) = (await sick.ObjectsAsync(), sick.Facts());
        for (var round = 0; round < 60; round++)
        {
            var broken = DoctorChecks.Kinds.SelectMany(objects.Of).Select(item => item with { Document = (JsonObject)item.Document.DeepClone() }).ToList();
            for (var cut = 0; cut < 1 + (round / 10); cut++)
            {
                Break(broken[random.Next(broken.Count)].Document, random);
            }

            DoctorExamination.Examine(new ClusterObjects(broken, [], "broken"), facts);
        }
    }

    [Fact]
    public void A_probe_may_print_anything()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var good = Directory.EnumerateFiles(DoctorCase.Root, "*.probe", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        for (var round = 0; round < 2_000; round++)
        {
            var text = good[random.Next(good.Count)].ToCharArray();
            for (var change = random.Next(20); change > 0; change--)
            {
                text[random.Next(text.Length)] = (char)random.Next(0x250);
            }

            var probe = new ProbeOutput(new string(text, 0, random.Next(text.Length + 1)));
            probe.Node("n", "test", onHost: true);
            probe.Pod("x", "p", "test");
        }
    }

    [Fact]
    public void What_could_not_be_read_is_said_with_verb_and_resource()
    {
        var findings = DoctorExamination.Examine(new ClusterObjects([], [new UnreadKind(ResourceKinds.NetworkPolicy, "networkpolicies.networking.k8s.io is forbidden", Forbidden: true)], "test"),
            new ProbeFacts { NotLooked = ["The right to create pods/exec in namespace x is missing."] });
        Assert.Equal(["DOC190", "DOC191"], findings.Select(finding => finding.Rule));
        Assert.Contains("list networkpolicies.networking.k8s.io", findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("DOC090", string.Join(' ', findings[0].Evidence), StringComparison.Ordinal);
        Assert.Contains("pods/exec", findings[1].Message, StringComparison.Ordinal);
    }

    // Takes one field or item away, or puts something of another kind in its place.
    private static void Break(JsonNode node, Random random)
    {
        while (true)
        {
            switch (node)
            {
                case JsonObject { Count: > 0 } map:
                    var key = map.ElementAt(random.Next(map.Count)).Key;
                    if (map[key] is JsonObject or JsonArray && random.Next(3) > 0)
                    {
                        node = map[key]!;
                        continue;
                    }

                    Replace(value => map[key] = value, () => map.Remove(key), random);
                    return;
                case JsonArray { Count: > 0 } list:
                    var at = random.Next(list.Count);
                    if (list[at] is JsonObject or JsonArray && random.Next(3) > 0)
                    {
                        node = list[at]!;
                        continue;
                    }

                    Replace(value => list[at] = value, () => list.RemoveAt(at), random);
                    return;
                default:
                    return;
            }
        }
    }

    private static void Replace(Action<JsonNode?> set, Action remove, Random random)
    {
        switch (random.Next(7))
        {
            case 0: set(null); break;
            case 1: set("x"); break;
            case 2: set(-1); break;
            case 3: set(new JsonObject { ["a"] = "b" }); break;
            case 4: set(new JsonArray(1, "a", null)); break;
            case 5: set(true); break;
            default: remove(); break;
        }
    }
}
