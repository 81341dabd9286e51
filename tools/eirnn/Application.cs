using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using EiRnnFast.Files;
using EiRnnFast.Files.Native;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>The program: it reads the command line, runs the command, and turns every failure into one line and an exit code.</summary>
internal static class Application
{
    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        using var interruption = new Interruption();
        // whatever the environment says of cultures
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        var root = Commands(interruption);
        if (args.FirstOrDefault(argument => argument.Contains('\uFFFD', StringComparison.Ordinal)) is { } foreign)
            return Fail(ExitCodes.BadInput,
                $"argument: found '{foreign}', which is not UTF-8, expected a name in UTF-8; rename the file or folder");
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @name is a file like any other
        var completes = root.Directives.Any(directive => parsed.GetResult(directive) is not null); // its line is a shell's, and unfinished
        if (!completes && UnknownWord(parsed) is { } unknown) return Fail(ExitCodes.BadInput, unknown);
        if (!completes && parsed.Errors.Count > 0)
            return Fail(ExitCodes.BadInput, ParserError.Told(parsed, SeeHelp(parsed)));
        try
        {
            int Invoke() => parsed.Invoke(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            // trainings end by themselves, with what they have found
            return parsed.CommandResult.Command.Name is SweepCommand.Name or TrainCommand.Name ? Invoke()
                : Interruptible.RunProgram(Invoke, interruption.Asked);
        }
        catch (InvalidInputException e)
        {
            return Fail(ExitCodes.BadInput, e.Message, lacksParts: LacksParts(e));
        }
        catch (ComputationException e)
        {
            return Fail(ExitCodes.FailedComputation, e.Message, lacksParts: LacksParts(e));
        }
        catch (OutOfMemoryException)
        {
            return Fail(ExitCodes.FailedComputation,
                "memory: found too little for this run, expected room for its weights and states; use fewer units or a smaller batch",
                lacksParts: true);
        }
        catch (Exception e) when (e is (IOException and not (FileNotFoundException or FileLoadException)) or UnauthorizedAccessException)
        {
            // Files report their own failures: what is left is standard output.
            return Fail(interruption.Asked.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.BadInput,
                $"standard output: found a write that failed ({e.Message.TrimEnd('.')}), expected an open one with room; "
                + "redirect it elsewhere");
        }
        catch (OperationCanceledException)
        {
            return Fail(ExitCodes.Interrupted, "interrupted; no file was left half-written");
        }
    }

    /// <summary>The commands and what all of them share.</summary>
    internal static RootCommand Commands(Interruption interruption)
    {
        var root = new RootCommand(
            "Trains excitatory-inhibitory recurrent networks under Dale's law and shows the spectrum of their recurrent matrix.")
        {
            TrainCommand.Create(interruption.Asked),
            SpectrumCommand.Create(interruption.Asked),
            DynamicsCommand.Create(interruption.Asked),
            RunCommand.Create(),
            TasksCommand.Create(),
            PresetsCommand.Create(),
            InfoCommand.Create(),
            SweepCommand.Create(interruption),
            StatusCommand.Create(),
            ExportCommand.Create(),
            ConvertCommand.Create(),
            SlurmCommand.Create(),
            ReportCommand.Create(interruption.Asked),
            CompletionCommand.Create(),
            BackendOptions.Kernels,
            BackendOptions.Lapack,
        };
        var help = root.Options.OfType<HelpOption>().Single();
        foreach (var alias in help.Aliases.Where(alias => alias.StartsWith('/')).ToArray()) help.Aliases.Remove(alias); // a path elsewhere
        help.Description = "Show this help.";
        help.Action = new ProgramHelp((HelpAction)help.Action!);
        root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
        return root;
    }

    /// <summary>A message about the first word that is no command, option or argument; null where there is none.</summary>
    internal static string? UnknownWord(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        // What takes many words takes a mistyped option, too.
        var taken = command.Arguments.Select(argument => parsed.GetResult(argument)).OfType<SymbolResult>()
            .Concat(command.Options.Where(option => option.AllowMultipleArgumentsPerToken)
                .Select(option => parsed.GetResult(option)).OfType<SymbolResult>())
            .SelectMany(result => result.Tokens.Select(token => token.Value));
        var mistyped = taken.Where(word => word.StartsWith("--", StringComparison.Ordinal));
        var found = parsed.UnmatchedTokens.Concat(mistyped).FirstOrDefault();
        if (found is null) return null;
        var isOption = found.StartsWith('-');
        var options = command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive));
        var known = isOption ? options.Where(option => !option.Hidden).Select(option => option.Name)
            : command.Subcommands.Select(child => child.Name);
        var (what, expected) = isOption ? ("option", "an option of this command") : command.Subcommands.Count > 0
            ? ("command", $"one of {string.Join(", ", known)}") : ("argument", "no further one");
        var remedy = NearestName.Remedy($"correct the word ({SeeHelp(parsed)})", found, known);
        return InvalidInputException.Of(what, $"'{SettingText.Cut(found)}'", expected, remedy).Message;
    }

    private static string SeeHelp(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "see: eirnn --help" : $"see: eirnn {parsed.CommandResult.Command.Name} --help";

    /// <summary>Tells a failure. A runtime that lacks parts or memory may never come to its end: then the process ends at once.</summary>
    private static int Fail(int exitCode, string message, bool lacksParts = false)
    {
        StandardStreams.TellLine($"eirnn: {Printable.Line(message)}");
        if (lacksParts) ProcessExit.AtOnce(exitCode);
        return exitCode;
    }

    private static bool LacksParts(Exception e) =>
        e.InnerException is DllNotFoundException or TypeInitializationException or OutOfMemoryException;
}
