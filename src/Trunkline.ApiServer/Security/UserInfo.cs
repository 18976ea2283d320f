namespace Trunkline.ApiServer.Security;

/// <summary>Who makes a request.</summary>
/// <param name="Name">User name: a certificate's common name, or a service account's.</param>
/// <param name="Groups">Groups: a certificate's organizations, and those that every user of its sort has.</param>
/// <param name="Uid">UID, for service accounts.</param>
public sealed record UserInfo(string Name, IReadOnlyList<string> Groups, string Uid = "")
{
    public const string Masters = "system:masters";
    public const string Authenticated = "system:authenticated";

    public static readonly UserInfo Anonymous = new("system:anonymous", ["system:unauthenticated"]);

    public bool IsIn(string group) => Groups.Contains(group);
}
