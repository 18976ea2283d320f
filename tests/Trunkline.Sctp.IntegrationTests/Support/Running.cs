using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>A program that runs beside the test: what it printed so far, and its input to write to.</summary>
internal sealed class Running : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly MemoryStream _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _reading;
    private bool _disposed;

    public Running(params string[] command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadOutputAsync(), ReadErrorAsync());
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public byte[] Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToArray();
            }
        }
    }

    public string Text => Encoding.UTF8.GetString(Output);

    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public long ResidentKilobytes => long.Parse(
        File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes)
    {
        await _process.StandardInput.BaseStream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await _process.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
    }

    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Waits until stdout holds the text.</summary>
    public Task PrintsAsync(string text, int seconds = 15) => Eventually.TrueAsync(() => Text.Contains(text, StringComparison.Ordinal), () => $"\"{text}\" in the output; {this}", seconds);

    /// <summary>Waits until stderr holds the text.</summary>
    public Task SaysAsync(string text) => Eventually.TrueAsync(() => Error.Contains(text, StringComparison.Ordinal), () => $"\"{text}\" on stderr; {this}");

    /// <summary>Waits for its end.</summary>
    public async Task<Outcome> EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(_patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"did not end: {this}");
        }

        await _reading.WaitAsync(_patience);
        return new Outcome(_process.ExitCode, Output, Error);
    }

    public Task SignalAsync(string signal) => Shell.TryAsync($"kill -{signal} {Id}");

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public override string ToString() => $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} printed \"{(Text.Length > 300 ? Text[..300] : Text)}\" and said \"{Error}\"";

    private async Task ReadOutputAsync()
    {
        var buffer = new byte[65536];
        int count;
        while ((count = await _process.StandardOutput.BaseStream.ReadAsync(buffer)) > 0)
        {
            lock (_output)
            {
                _output.Write(buffer, 0, count);
            }
        }
    }

    private async Task ReadErrorAsync()
    {
        var buffer = new char[4096];
        int count;
        while ((count = await _process.StandardError.ReadAsync(buffer)) > 0)
        {
            lock (_error)
            {
                _error.Append(buffer, 0, count);
            }
        }
    }
}
