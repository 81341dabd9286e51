namespace EiRnnFast.CommandLine;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCodes
{
    public const int Done = 0, BadInput = 2, FailedComputation = 3, Interrupted = 130;
}
