using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

/// <summary>Fresh batches, whole batches, and curricula.</summary>
public sealed class FreshDataTests
{
    private static readonly TrainingOptions s_fresh = new()
    {
        Data = TrainingData.Fresh, EpochUpdates = 6, Epochs = 3, BatchSize = 10, LearningRate = 1e-3, ValidationTrials = 20,
        TestTrials = 20,
    };

    private static EiRnn Network(string task, int units = 12) => EiRnn.Create(new NetworkSpec
    {
        Units = units, Inputs = TaskCatalog.Get(task).Inputs, Outputs = TaskCatalog.Get(task).Outputs,
    }, 3);

    [Fact]
    public void Every_update_has_a_batch_of_its_own_that_follows_from_seed_and_number()
    {
        var seeds = Enumerable.Range(0, 100_000).Select(update => FreshData.SeedOf(1, update)).ToHashSet();
        Assert.Equal(100_000, seeds.Count);
        Assert.DoesNotContain(FreshData.SeedOf(2, 0), seeds.Take(10));
        foreach (var task in TaskCatalog.All)
        {
            var (first, second) = (task.Fresh(3, 7, null), task.Fresh(3, 8, null));
            Assert.NotEqual(first.X, second.X);
            var (x, y) = (second.X, second.Y);
            var again = task.Fresh(3, 7, second);
            Assert.Same(x, again.X);
            Assert.Same(y, again.Y);
            Assert.Equal(first.X, again.X);
            Assert.Equal(first.Y, again.Y);
            Assert.Equal(first.Mask, again.Mask);
            Assert.Equal(first.Types, again.Types);
            again.Validate(task, 3);
        }
    }

    [Theory]
    [InlineData("perceptual-decision")]
    [InlineData("context-decision")]
    public void Noise_of_fresh_trials_has_the_tasks_spread_and_is_on_its_channels(string name)
    {
        var task = TaskCatalog.Get(name, new Dictionary<string, double> { ["noise"] = 0.3, ["target_noise"] = 0.2 });
        var plain = TaskCatalog.Get(name, new Dictionary<string, double> { ["noise"] = 0 });
        TrialBatch noisy = task.Fresh(400, 5, null), quiet = plain.Fresh(400, 5, null);
        foreach (var (channels, noiseless, found, expected, sigma) in new[]
        {
            (task.Inputs, task.Inputs - (name == "context-decision" ? 2 : 1), noisy.X, quiet.X, 0.3),
            (1, 0, noisy.Y, quiet.Y, 0.2),
        })
            for (var c = 0; c < channels; c++)
            {
                double[] noise = [.. Enumerable.Range(0, found.Length / channels)
                    .Select(i => (double)found[i * channels + c] - expected[i * channels + c])];
                var isNoisy = c < channels - noiseless;
                Assert.Equal(isNoisy ? sigma : 0, Math.Sqrt(noise.Average(n => n * n)), 0.01 * sigma);
                Assert.Equal(0, noise.Average(), 4 * sigma / Math.Sqrt(noise.Length));
            }
    }

    [Theory]
    [InlineData(LossFunction.MeanSquare)]
    [InlineData(LossFunction.CrossEntropy)]
    public void A_training_takes_the_batches_of_its_updates(LossFunction loss)
    {
        var options = s_fresh with { Loss = loss };
        var task = TaskCatalog.Get("perceptual-decision");
        var posed = ChoiceTask.For(task, loss);
        var cell = new CellSpec { Alpha = 0.5, InputNoise = 0.1 };
        var spec = new NetworkSpec { Units = 12, Inputs = 1, Outputs = posed.Outputs, Cell = cell };
        var trained = EiRnn.Create(spec, 3);
        var result = new Trainer(trained, task).Run(options);
        Assert.Equal(3, result.EpochsRun);
        Assert.Equal(18 * 10 * task.Steps, result.States);

        var byHand = EiRnn.Create(spec, 3);
        var workspace = new TrainingWorkspace(spec, task.Steps, 10, KernelSet.Current);
        workspace.Layout.CopyFrom(byHand, workspace.Parameters.Span);
        var gradient = new BatchGradient(workspace, byHand, options);
        var optimizer = new Optimizer(workspace, spec, options, 6);
        for (var update = 0; update < 18; update++)
        {
            var batch = task.Fresh(10, FreshData.SeedOf(task.DefaultDataSeed, update), null);
            gradient.Use(posed is ChoiceTask choice ? choice.Posed(batch) : batch);
            gradient.Compute([.. Enumerable.Range(0, 10)]);
            optimizer.Update(optimizer.GradientNorm());
        }
        workspace.Layout.CopyTo(workspace.Parameters.Span, byHand);
        Assert.Equal(byHand.RecurrentWeights, trained.RecurrentWeights);
        Assert.Equal(byHand.OutputWeights, trained.OutputWeights);
        var kept = posed.Generate(40, task.DefaultDataSeed);
        Assert.Equal(kept.Slice(0, 20).X, result.Test.X);
    }

    [Fact]
    public void The_bits_are_the_same_for_any_number_of_workers()
    {
        const string plan = "task = \"perceptual-decision\"\ndata = \"fresh\"\nepoch_updates = 5\nepochs = 2\nunits = [6, 7]\nbatch = 8\n"
            + "noise_rec = 0.1\nnoise_in = 0.1\nloss = [\"mse\", \"cross_entropy\"]\nseeds = 2\nvalidation_trials = 10\n";
        var folder = Directory.CreateTempSubdirectory("eirnn-fresh");
        try
        {
            var stores = new[] { 1, 4 }.Select(workers =>
            {
                var at = SweepFolder.At(folder.CreateSubdirectory($"w{workers}").FullName);
                Sweep.Run(SweepPlan.Parse(plan, "plan"), at, new SweepOptions { Workers = workers });
                var (id, loss) = (Place("run_id"), Place("final_loss"));
                return StoreReader.Rows(at.StoreOf(Shard.Whole)).ToDictionary(row => (string)row[id]!, row => row[loss]);
            }).ToArray();
            Assert.Equal(8, stores[0].Count);
            Assert.All(stores[0], entry => Assert.Equal(entry.Value, stores[1][entry.Key]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static int Place(string name) => RunColumns.All.Select((column, i) => (column.Name, i)).First(column => column.Name == name).i;
    }

    [Fact]
    public void A_whole_batch_is_one_of_as_many_trials()
    {
        EiRnn whole = Network("and"), counted = Network("and");
        var options = new TrainingOptions { Trials = 250, Epochs = 3 };
        new Trainer(whole, TaskCatalog.Get("and")).Run(options with { FullBatch = true });
        new Trainer(counted, TaskCatalog.Get("and")).Run(options with { BatchSize = 200 });
        Assert.Equal(counted.RecurrentWeights, whole.RecurrentWeights);
    }

    [Fact]
    public void A_curriculum_goes_through_its_stages_and_tests_the_task_itself()
    {
        var task = TaskCatalog.Get("match-to-sample", new Dictionary<string, double> { ["delay_min"] = 10, ["delay_max"] = 10 });
        CatalogTask Delay(int steps) => TaskCatalog.Get("match-to-sample",
            new Dictionary<string, double> { ["delay_min"] = steps, ["delay_max"] = steps });
        var options = s_fresh with
        {
            Epochs = 9,
            StopLoss = 1e6, // met at once, but only the last stage may stop
            Curriculum = [new(Delay(4)) { Loss = 1e6 }, new(Delay(7)) { Accuracy = 0 }],
        };
        var network = Network("match-to-sample");
        var result = new Trainer(network, task).Run(options);
        Assert.Equal([1, 2], result.StageEnds);
        Assert.True(result.CurriculumFinished);
        Assert.Equal(3, result.EpochsRun);
        Assert.Equal(StopReason.Loss, result.Stopped);
        Assert.Equal(3, result.ValidationLosses.Count);
        Assert.Equal(task.Steps, result.Test.Steps);

        var stuck = new Trainer(Network("match-to-sample"), task).Run(
            options with { Epochs = 3, Curriculum = [new(Delay(4)) { Loss = 1e-9 }] });
        Assert.Empty(stuck.StageEnds);
        Assert.False(stuck.CurriculumFinished);
        Assert.Null(stuck.BestEpoch);
        Assert.Equal(StopReason.Epochs, stuck.Stopped);
        Assert.Equal(task.Steps, stuck.Test.Steps);
    }

    [Fact]
    public void Stages_are_written_as_they_are_read()
    {
        var run = RunSettings.From(new Dictionary<string, object>
        {
            ["task"] = "match-to-sample", ["task_options.decision"] = 20L, ["validation_trials"] = 10L,
            ["curriculum"] = "delay_max=40 until accuracy=0.9, until loss=0.1",
        }, 1);
        Assert.Equal([20.0, 20.0], run.Training.Curriculum.Select(stage => ((CatalogTask)stage.Task).Options
            .First(option => option.Name == "decision").Value));
        var text = (string)SettingTable.Get("curriculum").Of(run)!;
        Assert.Equal("delay_max=40 decision=20 until accuracy=0.9, decision=20 until loss=0.1", text);
        var again = RunSettings.From(new Dictionary<string, object>
        {
            ["task"] = "match-to-sample", ["task_options.decision"] = 20L, ["validation_trials"] = 10L, ["curriculum"] = text,
        }, 1);
        Assert.Equal(SweepRun.Describe(run), SweepRun.Describe(again));
    }

    [Fact]
    public void Noise_of_inputs_is_the_same_for_every_kernel_set_and_has_its_scale()
    {
        var spec = new NetworkSpec { Units = 4, Inputs = 3, Outputs = 1, Cell = new CellSpec { Alpha = 0.2, InputNoise = 0.01 } };
        var noise = InputNoise.Of(spec, 5)!;
        float[] first = new float[3 * 400], second = new float[3 * 400], other = new float[3 * 400];
        noise.Add(new float[1200], 1, 2, first);
        noise.Add(new float[1200], 1, 2, second);
        noise.Add(new float[1200], 2, 2, other);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal(Math.Sqrt(10) * 0.01, Math.Sqrt(first.Average(value => (double)value * value)), 0.002);
        Assert.Null(InputNoise.Of(spec with { Cell = new CellSpec() }, 5));
    }
}
