using System.CommandLine;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn completion SHELL</c>: a script that lets the shell complete commands, options, values and files.</summary>
internal static class CompletionCommand
{
    public const string Name = "completion";

    /// <summary>Each asks the program for the words that fit ([suggest:PLACE] LINE), without options where no hyphen is written. Where
    /// no word fits, files do.</summary>
    private static readonly Dictionary<string, string> s_scripts = new()
    {
        ["bash"] = """
            # completion of eirnn
            _eirnn() {
                local line=${COMP_LINE#*[[:space:]]} word=${COMP_WORDS[COMP_CWORD]} words
                local place=$((COMP_POINT - ${#COMP_LINE} + ${#line}))
                words=$("${COMP_WORDS[0]/#\~/$HOME}" "[suggest:$place]" "$line" 2>/dev/null)
                if [[ $word != -* ]]; then words=$(grep -v '^-' <<< "$words"); fi
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
            }
            complete -o default -F _eirnn eirnn

            """,
        ["zsh"] = """
            # completion of eirnn
            if ! (( $+functions[compdef] )); then autoload -Uz compinit && compinit; fi
            _eirnn() {
                local line="${(j: :)words[2,CURRENT]}"
                local -a found=("${(@f)$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
                if [[ $words[CURRENT] != -* ]]; then found=(${found:#-*}); fi
                compadd -a found || _files
            }
            compdef _eirnn eirnn

            """,
        ["fish"] = """
            # completion of eirnn
            function __eirnn_complete
                set -l word (commandline -ct)
                set -l line (commandline -cp | string replace -r '^\s*\S+\s*' '')
                set -l program (commandline -opc)[1]
                set -l found ($program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
                if not string match -q -- '-*' "$word"
                    set found (string match -v -- '-*' $found)
                end
                set found (string match -- "$word*" $found)
                if set -q found[1]
                    printf '%s\n' $found
                else
                    __fish_complete_path "$word"
                end
            end
            complete -c eirnn -f -a '(__eirnn_complete)'

            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL")
        {
            Description = $"One of: {string.Join(", ", s_scripts.Keys)}.", HelpName = "SHELL",
        };
        shell.CompletionSources.Add([.. s_scripts.Keys]);
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command(Name, "Print a script with which the shell completes commands, options, values and files.")
        {
            shell, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(shell)!;
            if (!s_scripts.TryGetValue(name, out var script))
                throw InvalidInputException.Of("shell", $"'{name}'", $"one of {string.Join(", ", s_scripts.Keys)}",
                    NearestName.Remedy("choose one of these", name, s_scripts.Keys));
            if (parsed.GetValue(json)) StandardStreams.PrintJson(new { Shell = name, Script = script });
            else Console.Write(script.ReplaceLineEndings("\n"));
            return ExitCodes.Done;
        });
        return command;
    }
}
