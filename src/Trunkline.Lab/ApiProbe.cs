using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Trunkline.Lab.Pki;

namespace Trunkline.Lab;

/// <summary>The questions that `lab up` has for the API server; with no client library, whose loading would cost more than the answer.</summary>
internal sealed class ApiProbe : IDisposable
{
    private readonly HttpClient _client;
    private readonly X509Certificate2 _ca;
    private readonly X509Certificate2 _admin;

    public ApiProbe(int port, LabPki pki)
    {
        _ca = X509CertificateLoader.LoadCertificateFromFile(pki.CaFile);
        _admin = X509Certificate2.CreateFromPemFile(pki.Admin.CertificateFile, pki.Admin.KeyFile);
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            UseProxy = false, // an HTTP proxy in the environment does not lead to 127.0.0.1
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [_admin],
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { _ca },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        _client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
    }

    public void Dispose()
    {
        _client.Dispose();
        _ca.Dispose();
        _admin.Dispose();
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await _client.GetAsync("/readyz", cancel);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (IsUnreachable(error, cancel))
        {
            return false;
        }
    }

    /// <summary>Nodes that are Ready, each with the boot id its agent reported.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadyNodesAsync(CancellationToken cancel) =>
        (await ItemsAsync("/api/v1/nodes", cancel)).Where(node => Condition(node, "Ready"))
            .ToDictionary(node => node.GetProperty("metadata").GetProperty("name").GetString()!, BootId);

    /// <summary>Nodes that run what their MachineConfigPool wants, counted over the pools that are Updated.</summary>
    public async Task<int> NodesOfUpdatedPoolsAsync(CancellationToken cancel) =>
        (await ItemsAsync("/apis/machineconfiguration.openshift.io/v1/machineconfigpools", cancel)).Where(pool => Condition(pool, "Updated"))
            .Sum(pool => pool.GetProperty("status").GetProperty("updatedMachineCount").GetInt32());

    private async Task<IReadOnlyList<JsonElement>> ItemsAsync(string path, CancellationToken cancel)
    {
        try
        {
            using var response = await _client.GetAsync(path, cancel);
            if (!response.IsSuccessStatusCode)
            {
                return [];
            }

            using var list = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancel));
            return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];
        }
        catch (Exception error) when (IsUnreachable(error, cancel))
        {
            return [];
        }
    }

    private static bool Condition(JsonElement item, string type) =>
        item.TryGetProperty("status", out var status) && status.TryGetProperty("conditions", out var conditions)
        && conditions.EnumerateArray().Any(condition =>
            condition.GetProperty("type").GetString() == type && condition.GetProperty("status").GetString() == "True");

    private static string BootId(JsonElement node) =>
        node.GetProperty("status").TryGetProperty("nodeInfo", out var info) && info.TryGetProperty("bootID", out var id) ? id.GetString() ?? "" : "";

    private static bool IsUnreachable(Exception error, CancellationToken cancel) =>
        error is HttpRequestException or JsonException || (error is TaskCanceledException && !cancel.IsCancellationRequested);
}
