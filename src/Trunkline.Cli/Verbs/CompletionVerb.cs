using System.CommandLine;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline completion</c>: what a shell needs to complete our words; the words themselves come from the parser, by its <c>[suggest]</c> directive.</summary>
internal static class CompletionVerb
{
    private const string Bash = """
        _trunkline() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(trunkline "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _trunkline trunkline
        """;

    private const string Zsh = """
        #compdef trunkline
        _trunkline() {
          local -a words_found
          words_found=("${(@f)$(trunkline "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a words_found || _files
        }
        compdef _trunkline trunkline
        """;

    private const string Fish = """
        function __trunkline_complete
          set -l line (commandline -cp)
          trunkline "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end
        complete -c trunkline -a '(__trunkline_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion",
            """
            Print what a shell needs to complete trunkline's verbs, options and values.

            Examples:
              source <(trunkline completion bash)
              trunkline completion zsh > "${fpath[1]}/_trunkline"
              trunkline completion fish > ~/.config/fish/completions/trunkline.fish
            """)
        { shell };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }
}
