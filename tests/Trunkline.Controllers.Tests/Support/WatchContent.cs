using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>A response that goes on as the store changes.</summary>
internal sealed class WatchContent : HttpContent
{
    private readonly Pipe _pipe = new();

    public WatchContent(FakeStore store, string collection, string? ns, long revision, JsonObject template, CancellationToken stop)
    {
        _ = PumpAsync(store, collection, ns, revision, template, stop);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(_pipe.Reader.AsStream());

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _pipe.Reader.CopyToAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task PumpAsync(FakeStore store, string collection, string? ns, long revision, JsonObject template, CancellationToken stop)
    {
        try
        {
            var bookmark = (JsonObject)template.DeepClone();
            bookmark["metadata"] = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
            await WriteAsync("BOOKMARK", bookmark);
            while (!stop.IsCancellationRequested)
            {
                var (events, seen, grown) = store.Since(collection, revision);
                foreach (var (_, type, item) in events.Where(e => ns is null || (string?)e.Object["metadata"]?["namespace"] == ns))
                {
                    if (!await WriteAsync(type, item))
                    {
                        return;
                    }
                }

                revision = seen;
                await grown.WaitAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The test ended the watch.
        }
        finally
        {
            await _pipe.Writer.CompleteAsync();
        }
    }

    private async Task<bool> WriteAsync(string type, JsonObject item)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = item.DeepClone() }.ToJsonString() + "\n";
        var result = await _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(line), CancellationToken.None);
        return !result.IsCompleted;
    }
}
