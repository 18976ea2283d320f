using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Trunkline.ApiServer.Security;

/// <summary>Finds out who makes a request: by bearer token, else by client certificate, else nobody in particular.</summary>
public sealed class Authenticator(X509Certificate2Collection authorities, TokenIssuer tokens, IReadOnlyDictionary<string, UserInfo> known)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // A connection's certificate is one object for all its requests: its chain is built once.
    private readonly ConditionalWeakTable<X509Certificate2, StrongBox<UserInfo?>> _seen = [];

    /// <summary>The user, or null where credentials were given and are not good.</summary>
    public UserInfo? Authenticate(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Token(header["Bearer ".Length..].Trim());
        }

        return context.Connection.ClientCertificate is { } certificate
            ? _seen.GetValue(certificate, c => new StrongBox<UserInfo?>(Certificate(c))).Value
            : UserInfo.Anonymous;
    }

    public UserInfo? Token(string token) => known.TryGetValue(token, out var user)
        ? user with { Groups = [.. user.Groups, UserInfo.Authenticated] }
        : tokens.Verify(token);

    private UserInfo? Certificate(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ClientAuthentication));
        if (!chain.Build(certificate))
        {
            return null;
        }

        var name = "";
        var groups = new List<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames().Where(p => !p.HasMultipleElements))
        {
            switch (part.GetSingleElementType().Value)
            {
                case "2.5.4.3":
                    name = part.GetSingleElementValue() ?? "";
                    break;
                case "2.5.4.10":
                    groups.Add(part.GetSingleElementValue() ?? "");
                    break;
            }
        }

        return name.Length == 0 ? null : new UserInfo(name, [.. groups, UserInfo.Authenticated]);
    }
}
