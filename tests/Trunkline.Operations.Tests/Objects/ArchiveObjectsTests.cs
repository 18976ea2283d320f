using System.Formats.Tar;
using System.IO.Compression;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Xunit;

namespace Trunkline.Operations.Tests.Objects;

public sealed class ArchiveObjectsTests : IDisposable
{
    private const string PodList = "apiVersion: v1\nkind: PodList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x}}\n- {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: x}}\n";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trunkline-archive-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_must_gather_is_read_as_a_folder_and_as_tar_and_tgz_alike()
    {
        Write("must-gather/namespaces/x/core/pods.yaml", PodList);
        Write("must-gather/namespaces/x/pods/a/a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: x, labels: {second: copy}}\n");
        Write("must-gather/cluster-scoped-resources/core/nodes/worker-0.yaml", "---\napiVersion: v1\nkind: Node\nmetadata: {name: worker-0}\n");
        Write("must-gather/services.json", """{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}}""");
        Write("must-gather/namespaces/x/pods/a/logs/current.log", "kind: Pod\n");
        Write("must-gather/broken.yaml", "kind: [\n");
        Write("must-gather/other.yaml", "apiVersion: example.com/v1\nkind: Other\nmetadata: {name: o}\n");
        var tar = Path.Combine(_folder.FullName, "g.tar");
        TarFile.CreateFromDirectory(Path.Combine(_folder.FullName, "must-gather"), tar, includeBaseDirectory: true);
        var zipped = Path.Combine(_folder.FullName, "g.tar.gz");
        await using (var gzip = new GZipStream(File.Create(zipped), CompressionLevel.Fastest))
        {
            await gzip.WriteAsync(await File.ReadAllBytesAsync(tar, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        }

        foreach (var path in new[] { Path.Combine(_folder.FullName, "must-gather"), tar, zipped })
        {
            var objects = await ReadAsync(path);
            Assert.Equal(["Pod x/a", "Pod x/b"], objects.Of(ResourceKinds.Pod).Select(pod => pod.Title).Order(StringComparer.Ordinal));
            Assert.True(objects.TryFind(ResourceKinds.Node, null, "worker-0", out _));
            Assert.True(objects.TryFind(ResourceKinds.Service, "default", "s", out var service));
            Assert.EndsWith("services.json", service.Origin, StringComparison.Ordinal);
            Assert.EndsWith("broken.yaml", Assert.Single(objects.UnreadFiles).File, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_no_archive_is_refused_by_name()
    {
        var missing = await Assert.ThrowsAsync<ClusterException>(() => ReadAsync(Path.Combine(_folder.FullName, "none")));
        Assert.Contains("none", missing.Message, StringComparison.Ordinal);
        Write("noise.bin", new string('x', 10_000));
        Assert.Contains("noise.bin", (await Assert.ThrowsAsync<ClusterException>(() => ReadAsync(Path.Combine(_folder.FullName, "noise.bin")))).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "cut.tgz"), [0x1f, 0x8b, 8, 0, 0]);
        await Assert.ThrowsAsync<ClusterException>(() => ReadAsync(Path.Combine(_folder.FullName, "cut.tgz")));
        Write("empty/readme.yaml", "just: words\n");
        Assert.Contains("no object", (await Assert.ThrowsAsync<ClusterException>(() => ReadAsync(Path.Combine(_folder.FullName, "empty")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_are_not_followed()
    {
        Write("real/pods.yaml", PodList);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "real", "up"), _folder.FullName);
        Write("secret.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: secret}\n");
        var objects = await ReadAsync(Path.Combine(_folder.FullName, "real"));
        Assert.Equal(2, objects.Count);
    }

    private static Task<ClusterObjects> ReadAsync(string path) => ArchiveObjects.ReadAsync(path, null, TestContext.Current.CancellationToken);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
