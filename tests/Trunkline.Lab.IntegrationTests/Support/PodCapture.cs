using System.Diagnostics;
using Trunkline.Operations.Captures;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>tcpdump at a Pod's eth0, read back by tshark.</summary>
internal sealed class PodCapture : IAsyncDisposable
{
    private const int HeaderLength = 24;
    private readonly Process _tcpdump;
    private readonly FileStream _file;
    private readonly Task _copying;
    private readonly Task<string> _errors;

    private PodCapture(Process tcpdump)
    {
        _tcpdump = tcpdump;
        _file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        _copying = tcpdump.StandardOutput.BaseStream.CopyToAsync(_file);
        _errors = tcpdump.StandardError.ReadToEndAsync();
    }

    public long Length => new FileInfo(_file.Name).Length;

    public static async Task<PodCapture> StartAsync(RunningLab lab, string node, string podUid, string filter)
    {
        var capture = new PodCapture(lab.Handle.Start(node, ["nsenter", $"--net=/run/netns/{podUid}", .. Tcpdump.Command("eth0", filter)]));
        await Wait.UntilAsync("tcpdump", () => capture.Length >= HeaderLength);
        return capture;
    }

    /// <summary>Ends the capture if it runs, and gives one field of the packets that match.</summary>
    public async Task<IReadOnlyList<string>> FieldsAsync(string filter, string field)
    {
        if (!_tcpdump.HasExited)
        {
            (await Command.RunAsync("kill", ["-TERM", $"{_tcpdump.Id}"])).Succeeded.ToString();
            await _tcpdump.WaitForExitAsync();
        }

        await _copying;
        Assert.Equal(0, Tcpdump.Dropped(await _errors));
        var read = await Command.RunAsync("tshark", ["-r", _file.Name, "-Y", filter, "-T", "fields", "-e", field]);
        return read.Succeeded.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_tcpdump.HasExited)
        {
            _tcpdump.Kill(entireProcessTree: true);
        }

        await _copying;
        _tcpdump.Dispose();
        await _file.DisposeAsync();
        File.Delete(_file.Name);
    }
}
