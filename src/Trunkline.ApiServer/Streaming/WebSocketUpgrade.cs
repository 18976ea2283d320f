using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Trunkline.ApiServer.Errors;

namespace Trunkline.ApiServer.Streaming;

/// <summary>The server's half of RFC 6455's opening handshake, over Kestrel's plain upgrade.</summary>
internal static class WebSocketUpgrade
{
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>The first offered protocol that we speak; throws where the request is no such upgrade.</summary>
    public static string Protocol(HttpContext context, params ReadOnlySpan<string> spoken)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
            || !request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
            || request.Headers.SecWebSocketKey.ToString().Length == 0)
        {
            throw StatusErrors.BadRequest("Upgrade request required");
        }

        var offered = request.Headers.SecWebSocketProtocol.SelectMany(p => (p ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        foreach (var protocol in spoken)
        {
            if (offered.Contains(protocol))
            {
                return protocol;
            }
        }

        throw StatusErrors.BadRequest($"unable to upgrade: no protocol of [{string.Join(' ', offered)}] is supported; this server speaks [{string.Join(' ', spoken)}]");
    }

    public static async Task<WebSocket> AcceptAsync(HttpContext context, string protocol)
    {
        var key = context.Request.Headers.SecWebSocketKey.ToString().Trim();
#pragma warning disable CA5350 // RFC 6455 section 4.2.2 prescribes SHA-1; it guards nothing
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
        var headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = accept;
        headers.SecWebSocketProtocol = protocol;
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = protocol, KeepAliveInterval = TimeSpan.FromSeconds(30) });
    }
}
