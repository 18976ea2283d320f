using System.Diagnostics;

namespace Trunkline.Node.IntegrationTests.Pods;

/// <summary>A container root of a few programs of the machine and the libraries they need, so that these tests need no image.</summary>
internal static class TinyRoot
{
    private static readonly string[] Programs = ["sh", "cat", "ln", "sleep", "stty", "id", "hostname", "ls", "env", "grep", "kill", "readlink"];

    public static void Make(string root)
    {
        foreach (var directory in (string[])["bin", "dev", "etc", "proc", "sys", "run", "tmp", "var", "root"])
        {
            Directory.CreateDirectory(Path.Join(root, directory));
        }

        File.WriteAllText(Path.Join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        File.WriteAllText(Path.Join(root, "etc/group"), "root:x:0:\n");
        foreach (var program in Programs)
        {
            var source = new[] { "/usr/bin", "/bin" }.Select(directory => Path.Join(directory, program)).First(File.Exists);
            File.Copy(source, Path.Join(root, "bin", program));
            foreach (var library in Libraries(source))
            {
                var target = Path.Join(root, library);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(library, target, overwrite: true);
            }
        }
    }

    private static IEnumerable<string> Libraries(string program)
    {
        using var ldd = Process.Start(new ProcessStartInfo("ldd", program) { RedirectStandardOutput = true })!;
        var output = ldd.StandardOutput.ReadToEnd();
        ldd.WaitForExit();
        return output.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith('/') && File.Exists(word));
    }
}
