using System.CommandLine;
using System.Globalization;
using EiRnnFast.Files;
using EiRnnFast.Files.Native;
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

        var root = new RootCommand(
            "Trains excitatory-inhibitory recurrent networks under Dale's law and shows the spectrum of their recurrent matrix.")
        {
            TrainCommand.Create(interruption.Asked),
            SpectrumCommand.Create(interruption.Asked),
            DynamicsCommand.Create(interruption.Asked),
            TasksCommand.Create(),
            PresetsCommand.Create(),
            InfoCommand.Create(),
            SweepCommand.Create(interruption),
            StatusCommand.Create(),
            ExportCommand.Create(),
            SlurmCommand.Create(),
            ReportCommand.Create(interruption.Asked),
            BackendOptions.Kernels,
            BackendOptions.Lapack,
        };
        if (args.FirstOrDefault(argument => argument.Contains('\uFFFD', StringComparison.Ordinal)) is { } foreign)
            return Fail(ExitCodes.BadInput,
                $"argument: found '{foreign}', which is not UTF-8, expected a name in UTF-8; rename the file or folder");
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @name is a file like any other
        if (parsed.Errors.Count > 0)
        {
            var isRoot = parsed.CommandResult.Command is RootCommand;
            var message = isRoot && parsed.UnmatchedTokens.Count > 0
                ? $"Unrecognized command or argument '{parsed.UnmatchedTokens[0]}'"
                : parsed.Errors[0].Message.TrimEnd('.');
            var command = isRoot ? "" : parsed.CommandResult.Command.Name + " ";
            return Fail(ExitCodes.BadInput, $"{message} (see: eirnn {command}--help)");
        }
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
