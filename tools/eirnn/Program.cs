using EiRnnFast.CommandLine;

try
{
    StandardStreams.Prepare();
    return Application.Run(args);
}
catch (Exception e) when (e is FileNotFoundException or FileLoadException or TypeInitializationException)
{
    // Every other part of the program is first used in there, so this also tells of one that does not load.
    var reason = e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
    StandardStreams.TellLine($"eirnn: a part of the program: found that it cannot be loaded ({reason}), "
        + "expected it beside the program and files left to open; "
        + "raise the limit of open files (ulimit -n 256) and of memory (ulimit -v), or install the program again");
    return ExitCodes.FailedComputation;
}
