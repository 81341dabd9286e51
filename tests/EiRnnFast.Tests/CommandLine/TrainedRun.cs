using System.Text.Json;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>One tiny training that several tests look at; they must not change its folder.</summary>
public sealed class TrainedRun : IDisposable
{
    public const string FolderName = "eirnn-and-n8-seed1";

    public static readonly string[] Files =
    [
        "checkpoint.npz", "initial.npz", "loss.png", "network.npz", "spectrum.csv", "spectrum.png", "summary.json", "training.csv",
        "trials.png",
    ];

    public TrainedRun()
    {
        Result = Sandbox.Run("train", "--epochs", "2", "--units", "8", "--json").Succeeded();
        Summary = Result.Json;
    }

    public ProgramSandbox Sandbox { get; } = new();

    public ProgramResult Result { get; }

    public JsonElement Summary { get; }

    public string PathOf(string file) => Path.Combine(Sandbox[FolderName], file);

    public void Dispose() => Sandbox.Dispose();
}

/// <summary>The tests of the program run one after another and share one training.</summary>
[CollectionDefinition(Name)]
public sealed class ProgramRuns : ICollectionFixture<TrainedRun>
{
    public const string Name = "eirnn as a process";
}
