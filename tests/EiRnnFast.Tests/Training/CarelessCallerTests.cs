using EiRnnFast.Dynamics;
using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;
using EiRnnFast.Tests.Files;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>What a program in C# may get wrong: an answer of one type, in words.</summary>
public sealed class CarelessCallerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, Action> Mistakes => new()
    {
        { "signs", () => EiRnn.Create(Spec with { Signs = null! }, 1) },
        { "cell", () => EiRnn.Create(Spec with { Cell = null! }, 1) },
        { "wiring", () => EiRnn.Create(Spec with { Wiring = null! }, 1) },
        { "sign axis", () => SignConstraint.Of((SignAxis)99) },
        { "activation", () => EiRnn.Create(Spec with { Cell = new CellSpec { Activation = (Activation)99 } }, 1) },
        { "init", () => EiRnn.Create(Spec with { Init = RecurrentInit.Of((RecurrentInitKind)99) }, 1) },
        { "loss", () => Train(new() { Loss = (LossFunction)99 }) },
        { "optimizer", () => Train(new() { Optimizer = (OptimizerKind)99 }) },
        { "schedule", () => Train(new() { Schedule = (LearningRateSchedule)99 }) },
        { "clipping", () => Train(new() { Clipping = (GradientClipping)99 }) },
        { "frozen", () => Train(new() { Frozen = [(NetworkTensor)99] }) },
        { "frozen", () => Train(new() { Frozen = null! }) },
        { "terms", () => Train(new() { Terms = null! }) },
        { "terms", () => Train(new() { Terms = [null!] }) },
        { "penalties", () => Train(new() { Penalties = null! }) },
        { "curriculum", () => Train(new() { Curriculum = null! }) },
        { "task", () => new RunSettings { Task = null! }.ToSpec() },
        { "types of trials", () => Train(new() { Trials = 20, TestTrials = 5 }, new Sides { Types = [0, 1] }) },
        { "types of trials", () => Train(new() { Trials = 20, TestTrials = 5 }, new Sides { Types = [.. Enumerable.Repeat(5, 20)] }) },
        { "X", () => Train(new() { Trials = 20, TestTrials = 5 }, new Sides { HasInputs = false }) },
        { "outputs", () => new Sides().Generate(20, 1).LossOf(new float[3]) },
        { "outputs", () => new Sides().Generate(20, 1).LossOf(new float[999]) },
        { "starts", () => FixedPoints.StartsFrom(RecurrentMap.Of(EiRnn.Create(Spec, 1)), new float[4], 1_000_000_000, 0.1, 0, 1) },
        { "start", () => FixedPoints.Find(RecurrentMap.Of(EiRnn.Create(Spec, 1)), [null!]) },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named(string name, Action mistake) =>
        Assert.Contains(name, Assert.Throws<InvalidInputException>(mistake).Message, StringComparison.Ordinal);

    [Fact]
    public void A_network_that_no_reader_would_take_is_not_written()
    {
        var network = EiRnn.Create(Spec, 1);
        network.RecurrentWeights[3] = float.NaN;
        Assert.Contains("not finite", Assert.Throws<InvalidInputException>(() => NetworkFile.Write(_folder["n.npz"], network)).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["n.npz"]));
    }

    [Fact]
    public void A_checkpoint_that_could_not_go_on_is_not_written()
    {
        TrainingCheckpoint? kept = null;
        new Trainer(EiRnn.Create(Spec, 1), new Sides()).Run(new TrainingOptions { Trials = 20, TestTrials = 5, Epochs = 1 },
            checkpoints: new Checkpointing { Save = checkpoint => kept = checkpoint, KeepsEnds = true });
        var file = new CheckpointFile("0", new RunSettings { Task = new Sides(), Units = 4 }, kept!, new Dictionary<string, NpyArray>());
        Assert.Contains("lies in no file", Assert.Throws<InvalidInputException>(() => file.Write(_folder["c.npz"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Types_whose_trials_have_one_answer_are_judged_among_all_trials()
    {
        ITask task = new Sides();
        var trials = task.Generate(20, 1);
        Assert.Equal(new Dictionary<string, double?> { ["left"] = 1, ["right"] = 1 }, TrialAccuracy.ByType(task, trials, trials.Y));
    }

    private static NetworkSpec Spec => new() { Units = 4, Inputs = 2, Outputs = 1 };

    private static void Train(TrainingOptions options, ITask? task = null) =>
        new Trainer(EiRnn.Create(task is null ? Spec : Spec with { Inputs = task.Inputs, Outputs = task.Outputs }, 1),
            task ?? TaskCatalog.Get("and")).Run(options);

    /// <summary>Left or right: the type of a trial is its answer.</summary>
    private sealed class Sides : ITask
    {
        public string Name => "sides";

        public int Inputs => 2;

        public int Outputs => 1;

        public int Steps => 5;

        public IReadOnlyList<string> TrialTypes => ["left", "right"];

        public IReadOnlyList<int>? Types { get; init; }

        public bool HasInputs { get; init; } = true;

        public TrialBatch Generate(int trials, uint dataSeed)
        {
            var x = new float[trials * Steps * Inputs];
            var y = new float[trials * Steps];
            for (var trial = 0; trial < trials; trial++)
            {
                x[trial * Steps * Inputs + trial % 2] = 1;
                y.AsSpan(trial * Steps, Steps).Fill(trial % 2 == 0 ? -1 : 1);
            }
            return new TrialBatch
            {
                Count = trials, Steps = Steps, Inputs = Inputs, Outputs = Outputs, X = HasInputs ? x : null!, Y = y,
                Types = Types ?? [.. Enumerable.Range(0, trials).Select(trial => trial % 2)],
            };
        }
    }
}
