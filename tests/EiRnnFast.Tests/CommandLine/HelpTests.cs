using System.CommandLine;
using Eirnn = EiRnnFast.CommandLine.Application;
using Interruption = EiRnnFast.CommandLine.Interruption;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Help of every command: it fits 80 columns, breaks no word, and ends with examples that the program accepts.</summary>
public sealed class HelpTests
{
    public static TheoryData<string> Commands =>
        ["", .. Eirnn.Commands(new Interruption()).Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_help_fits_80_columns_and_ends_with_examples(string name)
    {
        var lines = Help(name);
        Assert.All(lines, line => Assert.True(line.Length <= 80, $"{line.Length} columns: {line}"));
        Assert.DoesNotContain(lines, line => line.Contains('|', StringComparison.Ordinal)
            && !line.Contains("<on|off>", StringComparison.Ordinal) && line.TrimStart().StartsWith('<'));
        var heading = Array.LastIndexOf(lines, "Examples:");
        Assert.InRange(lines.Length - heading - 1, 2, 4);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_example_is_a_command_line_of_the_program(string name)
    {
        var lines = Help(name);
        foreach (var example in lines[(Array.LastIndexOf(lines, "Examples:") + 1)..])
        {
            Assert.StartsWith("  eirnn ", example, StringComparison.Ordinal);
            string[] words = [.. example.Trim().Split(' ').TakeWhile(word => !word.StartsWith('>')).Skip(1)];
            var parsed = Eirnn.Commands(new Interruption()).Parse(words);
            Assert.True(parsed.Errors.Count == 0, $"{example}: {string.Join("; ", parsed.Errors.Select(error => error.Message))}");
            Assert.Equal(name.Length == 0 ? words[0] : name, parsed.CommandResult.Command.Name);
            Assert.Null(Eirnn.UnknownWord(parsed));
        }
    }

    private static string[] Help(string command)
    {
        var output = new StringWriter();
        string[] words = command.Length == 0 ? ["--help"] : [command, "--help"];
        Assert.Equal(0, Eirnn.Commands(new Interruption()).Parse(words).Invoke(new InvocationConfiguration { Output = output }));
        return output.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
    }
}
