using System.CommandLine;
using System.Runtime.InteropServices;
using EiRnnFast;
using EiRnnFast.CommandLine;

using var interruption = new CancellationTokenSource();
// The first Ctrl-C (or SIGTERM) asks; the second one is left to the system, which ends the process at once.
void Interrupt(PosixSignalContext context)
{
    context.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
}
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

var root = new RootCommand("Trains excitatory-inhibitory recurrent networks under Dale's law and shows the spectrum of their recurrent matrix.")
{
    TrainCommand.Create(interruption.Token), SpectrumCommand.Create(interruption.Token), TasksCommand.Create(), InfoCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    var isRoot = parsed.CommandResult.Command is RootCommand;
    var message = isRoot && parsed.UnmatchedTokens.Count > 0 ? $"Unrecognized command or argument '{parsed.UnmatchedTokens[0]}'" : parsed.Errors[0].Message.TrimEnd('.');
    Console.Error.WriteLine($"eirnn: {message.ReplaceLineEndings(" ")} (see: eirnn {(isRoot ? "" : parsed.CommandResult.Command.Name + " ")}--help)");
    return ExitCodes.BadInput;
}
try
{
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (InvalidInputException e)
{
    Console.Error.WriteLine($"eirnn: {e.Message}");
    return ExitCodes.BadInput;
}
catch (ComputationException e)
{
    Console.Error.WriteLine($"eirnn: {e.Message}");
    return ExitCodes.FailedComputation;
}
catch (OutOfMemoryException)
{
    Console.Error.WriteLine("eirnn: memory: found too little for this run, expected room for its weights and states; use fewer units or a smaller batch");
    return ExitCodes.FailedComputation;
}
catch (IOException e)
{
    // Files report their own failures: what is left is standard output.
    Console.Error.WriteLine($"eirnn: standard output: found a write that failed ({e.Message}), expected an open one with room; redirect it elsewhere");
    return ExitCodes.FailedComputation;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("eirnn: interrupted; nothing was written");
    return ExitCodes.Interrupted;
}
