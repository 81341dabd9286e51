using System.Diagnostics;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Completion in the shells themselves.</summary>
[Collection(ProgramRuns.Name)]
public sealed class CompletionTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public CompletionTests()
    {
        File.WriteAllText(_sandbox["network.npz"], "");
        // A program of its own name on the path, as an installed one is.
        Directory.CreateDirectory(_sandbox["bin"]);
        _sandbox.Shell("printf '#!/bin/sh\\nexec %s \"$@\"\\n' \"$program\" > bin/eirnn && chmod +x bin/eirnn").Succeeded();
        foreach (var shell in (string[])["bash", "zsh", "fish"])
            File.WriteAllText(_sandbox[shell], _sandbox.Run("completion", shell).Succeeded().Output);
    }

    public void Dispose() => _sandbox.Dispose();

    [ShellTheory("bash")]
    [InlineData("eirnn tr", "train")]
    [InlineData("eirnn train --exc", "--excitatory")]
    [InlineData("eirnn train --init two", "two-gaussian")]
    [InlineData("eirnn train --task context", "context-decision")]
    [InlineData("eirnn train --preset yang", "yang-2019")]
    [InlineData("eirnn tasks flip", "flip-flop")]
    [InlineData("eirnn spectrum net", "")] // no word: bash completes files
    public void Bash(string line, string expected)
    {
        var shown = _sandbox.Shell($"""
            export PATH="$PWD/bin:$PATH"
            bash -c 'source ./bash; complete -p eirnn >&2
                COMP_LINE="{line}"; COMP_POINT=$(printf %s "$COMP_LINE" | wc -c); COMP_WORDS=($COMP_LINE)
                COMP_CWORD=$(( $(printf %s "$COMP_LINE" | wc -w) - 1 ))
                _eirnn; printf "%s\n" "$(printf "%s " $(printf "%s\n" "$(declare -p COMPREPLY | grep -o "\"[^\"]*\"" | tr -d "\"")"))"'
            """).Succeeded();
        Assert.Equal(expected, shown.Output.Trim());
        Assert.Contains("-o default", shown.Error, StringComparison.Ordinal);
    }

    [ShellTheory("zsh")]
    [InlineData("eirnn tr", "train")]
    [InlineData("eirnn train --init two", "two-gaussian")]
    [InlineData("eirnn tasks flip", "flip-flop")]
    [InlineData("eirnn spectrum net", "files")]
    public void Zsh(string line, string expected)
    {
        // Outside the editor of lines compadd does nothing: a function in its place tells what would fit.
        var shown = _sandbox.Shell($$"""
            export PATH="$PWD/bin:$PATH"
            zsh -f -c 'compdef() { }; source ./zsh
                compadd() { local -a fit=(${(M)${(P)2}:#${words[CURRENT]}*}); print -r -- $fit; (( $#fit )) }
                _files() { print files }
                words=(${=1}); CURRENT=$#words; _eirnn' _ '{{line}}'
            """).Succeeded();
        Assert.Equal(expected, shown.Output.Trim());
    }

    [ShellTheory("fish")]
    [InlineData("eirnn tr", "train")]
    [InlineData("eirnn train --exc", "--excitatory")]
    [InlineData("eirnn train --init two", "two-gaussian")]
    [InlineData("eirnn tasks flip", "flip-flop")]
    [InlineData("eirnn spectrum net", "network.npz")]
    public void Fish(string line, string expected)
    {
        var shown = _sandbox.Shell($"""
            export PATH="$PWD/bin:$PATH" HOME="$PWD"
            fish --no-config -c 'source ./fish; complete -C "{line}"'
            """).Succeeded();
        Assert.Equal(expected, shown.Output.Trim().Split('\t')[0]);
    }
}

/// <summary>A test in a shell, or says that there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute(string shell)
    {
        Shell = shell;
        if (OperatingSystem.IsWindows() || !Exists(shell)) Skip = $"needs {shell}";
    }

    public string Shell { get; }

    private static bool Exists(string shell)
    {
        using var process = Process.Start("sh", ["-c", $"command -v {shell} >/dev/null"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
