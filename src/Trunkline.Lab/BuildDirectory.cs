using System.Text.Json.Nodes;

namespace Trunkline.Lab;

/// <summary>Where set-up puts programs and images: <c>.build</c> in the repository, found from the running program.</summary>
public sealed record BuildDirectory(string Path)
{
    /// <summary>The command line.</summary>
    public string Trunkline => System.IO.Path.Join(Path, "bin/trunkline/trunkline");

    /// <summary>A node's machine and first process.</summary>
    public string Node => System.IO.Path.Join(Path, "bin/trunkline-node");

    /// <summary>A node's SCTP service.</summary>
    public string Sctp => System.IO.Path.Join(Path, "bin/trunkline-sctp");

    /// <summary>The root of an unpacked DNS server (Knot): its program and the libraries the machine does not have.</summary>
    public string DnsRoot => System.IO.Path.Join(Path, "dns");

    /// <summary>The base image's root.</summary>
    public string BaseRootfs => System.IO.Path.Join(Path, "images/base-rootfs");

    /// <summary>The base image by the digest of its manifest, as the OCI layout beside its root says.</summary>
    public string BaseImageId
    {
        get
        {
            var index = JsonNode.Parse(File.ReadAllBytes(System.IO.Path.Join(Path, "images/base/index.json")))!;
            var manifest = index["manifests"]![0]!;
            var name = (string)manifest["annotations"]!["org.opencontainers.image.ref.name"]!;
            return $"{name.Split(':')[0]}@{(string)manifest["digest"]!}";
        }
    }

    /// <summary>What a node's /etc starts from.</summary>
    public string NodeEtc => System.IO.Path.Join(Path, "images/node-etc");

    /// <summary>Finds it: TRUNKLINE_BUILD, or the nearest .build at or above the program.</summary>
    public static BuildDirectory Find()
    {
        if (Environment.GetEnvironmentVariable("TRUNKLINE_BUILD") is { Length: > 0 } named)
        {
            return new BuildDirectory(System.IO.Path.GetFullPath(named));
        }

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = directory.Name == ".build" ? directory.FullName : System.IO.Path.Join(directory.FullName, ".build");
            if (Directory.Exists(candidate))
            {
                return new BuildDirectory(candidate);
            }
        }

        throw new LabException("the lab's programs are not built; run eng/setup.sh first.", LabFailure.Machine);
    }

    /// <summary>What set-up has not made yet; empty when it is complete.</summary>
    public IEnumerable<string> Missing() =>
        new[] { Trunkline, Node, Sctp, DnsRoot, BaseRootfs, NodeEtc }.Where(path => !File.Exists(path) && !Directory.Exists(path));
}
