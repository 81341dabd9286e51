using System.Globalization;
using EiRnnFast;
using EiRnnFast.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var compare = args is ["compare", ..];
using var interruption = new CancellationTokenSource();
if (compare)
    Console.CancelKeyPress += (_, key) =>
    {
        key.Cancel = !interruption.IsCancellationRequested;
        interruption.Cancel();
    };
try
{
    if (args is [var verb, .. var rest] && rest.Any(argument => argument is "--help" or "-h") && Usage.Of(verb) is { } usage)
        Console.WriteLine(usage);
    else if (compare) Comparison.Run(ComparisonSettings.Parse(args.AsSpan(1)), Console.Out, Console.Error, interruption.Token);
    else if (args is ["fresh"]) FreshDraws.Run(Console.Out);
    else if (args is ["eigenvalues"]) EigenvaluePairs.Run(Console.Out);
    else if (args is ["scaling", ..]) Scaling.Run(ScalingSettings.Parse(args.AsSpan(1)), Console.Out, Console.Error);
    else if (args is ["threads", ..]) ThreadGain.Run(args.AsSpan(1), Console.Out);
    else if (args is ["sparse", ..]) SparseGain.Run(args.AsSpan(1), Console.Out);
    else if (args is ["fresh" or "eigenvalues", var more, ..])
        throw InvalidInputException.Of(args[0], $"'{more}'", "no arguments", "leave it out (see --help)");
    else Suite.Run(args);
    return 0;
}
// an interrupt ends the peer too, and the search for one
catch (Exception e) when (e is OperationCanceledException || interruption.IsCancellationRequested)
{
    return Fail("interrupted", 130);
}
catch (InvalidInputException e)
{
    return Fail(e.Message, 2);
}
catch (ComputationException e)
{
    return Fail(e.Message, 3);
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    return Fail($"output: found a write that failed ({e.Message}), expected an open stream with room; redirect it elsewhere", 3);
}

int Fail(string message, int code)
{
    try
    {
        Console.Error.WriteLine($"{(compare ? "compare" : "benchmarks")}: {message}");
    }
    catch (IOException)
    {
        // Nobody is listening: the exit code has to do.
    }
    return code;
}
