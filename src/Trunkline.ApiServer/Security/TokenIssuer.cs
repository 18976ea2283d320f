using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Security;

/// <summary>Service account tokens: JWTs signed with a key that only this server has (RFC 7519, ES256).</summary>
public sealed class TokenIssuer(ObjectStore store, TimeProvider clock)
{
    private const string Issuer = "https://kubernetes.default.svc";
    private const string Header = """{"alg":"ES256","typ":"JWT"}""";

    // Made or read on first use: no token is looked at while the server starts.
    private readonly Lazy<ECDsa> _key = new(() =>
    {
        var key = ECDsa.Create();
        key.ImportECPrivateKey(store.Secret("service-account-key", () => ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportECPrivateKey()), out _);
        return key;
    });

    /// <summary>A token for a service account, bound to an object if one is given.</summary>
    public (string Token, DateTimeOffset Expires) Issue(string ns, string name, string uid, TimeSpan lifetime, IReadOnlyList<string> audiences, JsonObject? boundObject)
    {
        var now = clock.GetUtcNow();
        var identity = new JsonObject { ["namespace"] = ns, ["serviceaccount"] = new JsonObject { ["name"] = name, ["uid"] = uid } };
        if (boundObject is not null)
        {
            identity[((string?)boundObject["kind"] ?? "").ToLowerInvariant()] = new JsonObject { ["name"] = (string?)boundObject["name"], ["uid"] = (string?)boundObject["uid"] };
        }

        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = new JsonArray([.. (audiences.Count > 0 ? audiences : [Issuer]).Select(a => (JsonNode)a)]),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{ns}:{name}",
            ["kubernetes.io"] = identity,
        };
        var signed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header)) + "." + Base64Url.EncodeToString(GoJson.ToBytes(claims));
        var signature = _key.Value.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return (signed + "." + Base64Url.EncodeToString(signature), now + lifetime);
    }

    /// <summary>The service account of a token that is genuine, not expired, and whose account still exists.</summary>
    public UserInfo? Verify(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || token.Length > 16 * 1024)
        {
            return null;
        }

        try
        {
            if (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])) != Header
                || !_key.Value.VerifyData(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256))
            {
                return null;
            }

            return Subject(JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject);
        }
        catch (Exception bad) when (bad is FormatException or JsonException or InvalidOperationException or CryptographicException)
        {
            return null;
        }
    }

    private UserInfo? Subject(JsonObject? claims)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var identity = claims?["kubernetes.io"];
        var (ns, name, uid) = ((string?)identity?["namespace"], (string?)identity?["serviceaccount"]?["name"], (string?)identity?["serviceaccount"]?["uid"]);
        if (ns is null || name is null || (long?)claims!["exp"] is not { } expires || expires < now || !MeantForUs(claims))
        {
            return null;
        }

        var account = store.State.Get(new ObjectKey("serviceaccounts", ns, name));
        return account?.Uid == uid && BoundObjectLives(identity!, ns)
            ? new UserInfo($"system:serviceaccount:{ns}:{name}", ["system:serviceaccounts", $"system:serviceaccounts:{ns}", UserInfo.Authenticated], uid ?? "")
            : null;
    }

    private static bool MeantForUs(JsonObject claims) => claims["aud"] is JsonArray audiences && audiences.Any(a => (string?)a == Issuer);

    private bool BoundObjectLives(JsonNode identity, string ns) =>
        identity["pod"] is not JsonObject pod || store.State.Get(new ObjectKey("pods", ns, (string?)pod["name"] ?? ""))?.Uid == (string?)pod["uid"];
}
