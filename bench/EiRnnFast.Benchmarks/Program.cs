using System.Globalization;
using EiRnnFast;
using EiRnnFast.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
};
try
{
    Comparison.Run(ComparisonSettings.Parse(args is ["compare", .. var rest] ? rest : args), Console.Out, Console.Error, interruption.Token);
    return 0;
}
catch (InvalidInputException e)
{
    Console.Error.WriteLine($"compare: {e.Message}");
    return 2;
}
catch (Exception e) when (e is OperationCanceledException || interruption.IsCancellationRequested) // an interrupt ends the peer too
{
    Console.Error.WriteLine("compare: interrupted");
    return 130;
}
catch (ComputationException e)
{
    Console.Error.WriteLine($"compare: {e.Message}");
    return 3;
}
