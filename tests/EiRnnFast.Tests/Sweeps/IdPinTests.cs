using System.Text;
using EiRnnFast.Files;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.Files;
using EiRnnFast.Tests.House;

namespace EiRnnFast.Tests.Sweeps;

/// <summary>Ids of runs as version 0.1.0 gave them: stores hold them, so they stay for ever.</summary>
public sealed class IdPinTests
{
    [Theory]
    [InlineData("", "4a0370094366df03")]
    [InlineData("task = \"xor\"", "b81c0e3d71d85d28")]
    [InlineData("task_option.gap = 40", "ab7c23a54ba26990")]
    [InlineData("units = 64", "961456c1a290a02e")]
    [InlineData("sign = \"postsynaptic\"", "d8a7c4bb58ed4ea9")]
    [InlineData("sign = \"none\"", "8133e9e464896006")]
    [InlineData("preset = \"published\"", "d8a7c4bb58ed4ea9")]
    [InlineData("excitatory = 0.7", "70a8e0b70a994469")]
    [InlineData("input_nonnegative = false", "5d0810bdb62bb213")]
    [InlineData("sign = \"none\"\ninput_nonnegative = true", "5c80d46fbc81d93b")]
    [InlineData("init = \"normal\"", "24f9d75faa31c76a")]
    [InlineData("init = \"two-gaussian\"", "c9596a69b1026b69")]
    [InlineData("init = \"two-gaussian\"\nmu = 0.15", "a7c24a37892d92a2")]
    [InlineData("init = \"identity\"", "cc072695baa98f42")]
    [InlineData("gain = 1.4", "026600ce500fa5c0")]
    [InlineData("balanced = true", "d12b7aacfa7c6870")]
    [InlineData("epochs = 3", "803bccfab456de9b")]
    [InlineData("batch = 32", "9941e10e2720befd")]
    [InlineData("learning_rate = 0.001", "83cc39f3d57be7a3")]
    [InlineData("decay = 0", "105ed3911f547c50")]
    [InlineData("beta1 = 0.8", "9af36cad1011f1f0")]
    [InlineData("beta2 = 0.99", "9083ea19048c07ce")]
    [InlineData("epsilon = 1e-7", "2629539f196f00e7")]
    [InlineData("clipping = \"per-tensor\"", "f0574558af511188")]
    [InlineData("clipping = \"none\"", "74ebee5634fce9a3")]
    [InlineData("clip_norm = 1", "02e8ff60b00abbd0")]
    [InlineData("stop_loss = 0", "e59df1ccc678b45b")]
    [InlineData("divergence_loss = 100", "a893fc1f0323345c")]
    [InlineData("shuffle = false", "9046e90cf29c3c22")]
    [InlineData("sharing = false", "0123f252c11ed27a")]
    [InlineData("trials = 200", "de4184dc609858f0")]
    [InlineData("test_trials = 20", "8c58b23d514fe7de")]
    [InlineData("validation_trials = 100", "e1274abba1e05942")]
    [InlineData("validation_trials = 100\nstop_validation_loss = 0.01", "ba5d143e72a50753")]
    [InlineData("validation_trials = 100\nstop_validation_accuracy = 0.95", "1d8df30a8ee86d7c")]
    [InlineData("validation_trials = 100\npatience = 3", "52b182132b6732f2")]
    [InlineData("data_seed = 5", "4abc268273e0a562")]
    [InlineData("data_seed = \"network\"", "6a0a68280e3b5c51")]
    [InlineData("seed = 3\nseeds = \"4-4\"", "ef610220d104b9fd")]
    public void A_setting_gives_the_id_that_it_always_gave(string plan, string id) =>
        Assert.Equal(id, SweepPlan.Parse(plan, "plan").Runs[0].Id);

    [Theory]
    [InlineData("paper.toml", 440, "a8e07492b1033c8664530ef1cf4f5154c18edf46aa547d39fb2ed69139dd5c6e")]
    [InlineData("smoke.toml", 24, "09d4a1214600d5946091949c1aa57f1afa0b7d368f17f3460a9cd4f54388e77e")]
    [InlineData("tasks.toml", 84, "99cfcc43f72d7f2a603d3bb9a2a88e67dd2e7af0ce4909d5950b52f7cc47ceba")]
    public void Our_studies_have_the_ids_that_they_always_had(string file, int runs, string sha256)
    {
        var plan = SweepPlan.Read(Path.Combine(Repository.Root, "tools/studies", file));
        var text = string.Concat(plan.Runs.Select(run => $"{run.Id} {run.Settings.Seed}\n"));
        Assert.Equal((runs, sha256), (plan.Runs.Count, Convert.ToHexStringLower(Sha256.Hash(Encoding.UTF8.GetBytes(text)))));
    }

    [Fact]
    public void A_task_of_a_file_has_the_id_of_its_content()
    {
        using var folder = new TemporaryFolder();
        NpzFile.Write(folder["own.npz"], new Dictionary<string, NpyArray>
        {
            ["x"] = NpyArray.Of([.. Enumerable.Range(0, 60 * 2).Select(i => i % 3f)], 60, 2, 1),
            ["y"] = NpyArray.Of([.. Enumerable.Range(0, 60 * 2).Select(i => i % 2f)], 60, 2, 1),
        });
        File.WriteAllText(folder["plan.toml"], "task_file = \"own.npz\"\n");
        var run = SweepPlan.Read(folder["plan.toml"]).Runs[0];
        Assert.Equal(SweepRun.IdOf($"task_sha256={FileTask.Read(folder["own.npz"]).Sha256}\n", run.Settings.Seed), run.Id);
    }
}
