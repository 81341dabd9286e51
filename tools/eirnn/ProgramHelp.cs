using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EiRnnFast.CommandLine;

/// <summary>Help that fits the terminal and ends with examples.</summary>
internal sealed class ProgramHelp(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = Terminal.OutputWidth;
        var exitCode = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in Examples.Of(parseResult.CommandResult.Command)) output.WriteLine($"  {example}");
        return exitCode;
    }
}
