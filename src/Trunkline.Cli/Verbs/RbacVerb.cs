using System.CommandLine;
using Trunkline.Operations.Access;
using Trunkline.Operations.Manifests;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline rbac</c>: the least rights of each command, as manifests.</summary>
internal static class RbacVerb
{
    public static Command Create()
    {
        var what = new Argument<string>("command") { Description = string.Join(", ", AccessRules.Commands), HelpName = "COMMAND" };
        what.AcceptOnlyFromAmong([.. AccessRules.Commands]);
        var to = new Option<string?>("--to") { Description = "Also bind them to user:NAME, group:NAME or serviceaccount:NAMESPACE:NAME.", HelpName = "SUBJECT" };
        to.Validators.Add(result =>
        {
            try
            {
                RoleManifests.For("lint", result.GetValueOrDefault<string?>());
            }
            catch (FormatException error)
            {
                result.AddError(error.Message);
            }
        });
        var output = new Option<string>("--output", "-o") { Description = "yaml, or json for one List.", HelpName = "yaml|json", DefaultValueFactory = _ => "yaml" };
        output.AcceptOnlyFromAmong("yaml", "json");
        var command = new Command("rbac",
            """
            Print the least Roles and ClusterRoles that a command needs, for an administrator to apply.
            Exit code 0: printed; 2: wrong call.

            Examples:
              trunkline rbac enable | kubectl apply -f -
              trunkline rbac doctor --to user:jane
              trunkline rbac verify --to serviceaccount:ci:trunkline
            """)
        { what, to, output };
        command.SetAction(parsed =>
        {
            var manifests = RoleManifests.For(parsed.GetValue(what)!, parsed.GetValue(to));
            Console.Out.Write(parsed.GetValue(output) == "json"
                ? new System.Text.Json.Nodes.JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new System.Text.Json.Nodes.JsonArray([.. manifests]) }.ToJsonString() + "\n"
                : ManifestWriter.Write(manifests));
            return 0;
        });
        return command;
    }
}
