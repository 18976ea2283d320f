using System.Xml.Linq;
using Xunit;

namespace Trunkline.Architecture.Tests;

/// <summary>Who may import whom, read from the project files and the sources themselves (docs/architecture.md, "Rooms").</summary>
public sealed class ArrowsTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Trunkline.Sctp"] = [],
        ["Trunkline.Policy"] = [],
        ["Trunkline.ApiServer"] = [],
        ["Trunkline.Controllers"] = [],
        ["Trunkline.NodeInit"] = [],
        ["Trunkline.SctpService"] = ["Trunkline.Sctp"],
        ["Trunkline.Netcat"] = ["Trunkline.Sctp"],
        ["Trunkline.Node"] = ["Trunkline.Policy"],
        ["Trunkline.Lab"] = ["Trunkline.ApiServer", "Trunkline.Controllers", "Trunkline.Node"],
        ["Trunkline.Operations"] = ["Trunkline.Policy"],
        ["Trunkline.Cli"] = ["Trunkline.Lab", "Trunkline.Operations"],
    };

    public static TheoryData<string> Rooms => [.. s_allowed.Keys];

    [Fact]
    public void Every_room_is_known() =>
        Assert.Equal(s_allowed.Keys.Order(), Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!).Order());

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_what_it_may(string room)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", room, $"{room}.csproj"));
        var referenced = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

        Assert.Empty(referenced.Except(s_allowed[room]));
    }

    // The pure folders may neither touch sockets nor clocks nor the rooms of their own project that do.
    [Theory]
    [InlineData("Trunkline.Policy", "")]
    [InlineData("Trunkline.Sctp", "Wire")]
    [InlineData("Trunkline.Sctp", "Association")]
    [InlineData("Trunkline.Sctp", "Endpoint")]
    public void A_pure_room_uses_no_io_no_clock_and_no_randomness(string room, string folder)
    {
        string[] forbidden =
        [
            "new Socket", "UdpClient", "TcpClient", "NetworkStream", "SocketAsyncEventArgs", "System.IO", "System.Diagnostics.Process", "Thread.", "Task.", "TimeProvider", "Stopwatch", "Environment.TickCount", "DateTime.", "Random.Shared",
            "RandomNumberGenerator", "LibraryImport", "Trunkline.Sctp.Loops", "Trunkline.Sctp.Transports", "Trunkline.Sctp.Service",
        ];
        var found = from file in Directory.GetFiles(Path.Combine(Repository.Root, "src", room, folder), "*.cs", SearchOption.AllDirectories)
                    where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                    from line in File.ReadLines(file)
                    where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                    from word in forbidden
                    where line.Contains(word, StringComparison.Ordinal)
                    select $"{Path.GetRelativePath(Repository.Root, file)}: {line.Trim()}";

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("Trunkline.Sctp", "Wire", "Trunkline.Sctp.Association")]
    [InlineData("Trunkline.Sctp", "Wire", "Trunkline.Sctp.Endpoint")]
    public void Arrows_inside_the_transport_point_inwards(string room, string folder, string forbidden)
    {
        var found = from file in Directory.GetFiles(Path.Combine(Repository.Root, "src", room, folder), "*.cs", SearchOption.AllDirectories)
                    from line in File.ReadLines(file)
                    where line.StartsWith($"using {forbidden}", StringComparison.Ordinal)
                    select $"{Path.GetRelativePath(Repository.Root, file)}: {line}";

        Assert.Empty(found);
    }
}
