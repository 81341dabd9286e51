using EiRnnFast.Model;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.House;

namespace EiRnnFast.Tests.Sweeps;

public sealed class PlanTests
{
    private static SweepPlan Plan(string text) => SweepPlan.Parse(text, "plan");

    [Fact]
    public void Lists_are_crossed_with_one_another_and_with_replicas()
    {
        var plan = Plan("seeds = 3\nunits = [5, 6]\ninit = [\"orthogonal\", \"normal\"]\nepochs = 7");
        Assert.Equal(12, plan.Runs.Count);
        Assert.Equal(12, plan.Runs.Select(run => run.Id).Distinct().Count());
        Assert.Equal([5, 6], plan.Runs.Select(run => run.Settings.Units).Distinct());
        Assert.All(plan.Runs, run => Assert.Equal(7, run.Settings.Training.Epochs));
        Assert.Equal(3, plan.Runs.Select(run => run.Settings.Seed).Distinct().Count());
    }

    [Fact]
    public void Ids_and_seeds_are_those_of_every_version() // whoever changes them makes every store of the field run again
    {
        var run = Plan("seed = 1\nunits = 8\nepochs = 2\ntrials = 250").Runs.Single();
        Assert.Equal(("356ab719adffd8bd", 1284722016L), (run.Id, run.Settings.Seed));
        Assert.Equal("epochs=2\ntrials=250\nunits=8\n",
            string.Join("", SweepRun.Describe(run.Settings).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
            .Select(line => line + "\n")));
    }

    [Fact]
    public void Adding_values_never_changes_runs_that_exist()
    {
        var before = Plan("seeds = 2\nunits = [5, 6]").Runs;
        var after = Plan("seeds = 5\nunits = [4, 6, 5, 7]\ngain = [1.5, 1]\ntask = [\"xor\", \"and\"]\nepochs = 20")
            .Runs.ToDictionary(run => run.Id);
        Assert.All(before, run => Assert.Equal(run, after[run.Id]));
    }

    [Fact]
    public void No_two_replicas_have_one_seed() =>
        Assert.Equal(300_000, Enumerable.Range(1, 300_000).Select(replica => SweepRun.SeedOf(1, replica)).ToHashSet().Count);

    [Fact]
    public void A_range_of_replicas_is_part_of_the_count()
    {
        var all = Plan("seeds = 10\nunits = 5").Runs;
        Assert.Equal(all.Skip(5).Select(run => run.Id), Plan("seeds = \"6-10\"\nunits = 5").Runs.Select(run => run.Id));
    }

    [Fact]
    public void Blocks_in_any_order_add_and_take_away()
    {
        var plan = Plan("""
            units = [5, 6]
            epochs = 3
            gain = [1, 2]
            [[include]]
            units = 50
            [[exclude]]
            units = 6
            gain = [2.0, 3]
            [[include]]
            units = [60, 70]
            epochs = 4
            seeds = 2
            """);
        Assert.Equal([(5, 1.0, 3), (5, 2, 3), (6, 1, 3), (50, 1, 3), (60, 1, 4), (60, 1, 4), (70, 1, 4), (70, 1, 4)],
            plan.Runs.Select(run => (run.Settings.Units, run.Settings.Init.Gain, run.Settings.Training.Epochs)));
    }

    [Fact]
    public void What_has_no_meaning_in_a_run_is_left_out_of_it()
    {
        var plan = Plan("units = 6\nsign = [\"none\", \"presynaptic\"]\nexcitatory = [0.5, 0.7]\ninit = [\"normal\", "
            + "\"two-gaussian\"]\nmu = [0.05, 0.15]\n[[exclude]]\nsign = \"none\"\ninit = \"two-gaussian\"");
        Assert.Equal(1 + 2 + 2 * 2, plan.Runs.Count);
        Assert.Single(plan.Runs, run => run.Settings.Signs.Axis == SignAxis.None);
    }

    [Theory]
    [InlineData("init = \"two-gaussian\"", "mu = 0.05", true)]
    [InlineData("init = \"normal\"", "mu = 0.05", false)]
    [InlineData("units = 6", "input_nonnegative = true", true)]
    [InlineData("sign = \"none\"", "input_nonnegative = true", false)]
    [InlineData("units = 6", "trials = 15050", true)]
    [InlineData("units = 6", "data_seed = 3", true)]
    [InlineData("units = 6", "gain = 1.0", true)]
    [InlineData("clipping = \"none\"", "clip_norm = 0.5", false)]
    [InlineData("preset = \"published\"", "preset = \"published\"", true)]
    [InlineData("units = 5", "preset = \"published\"", false)]
    [InlineData("preset = \"published\"", "sign = \"postsynaptic\"", true)]
    public void Exclusion_knows_the_defaults(string line, string excluded, bool matches)
    {
        var plan = $"{line}\nepochs = [3, 4]\n[[exclude]]\n{excluded}\nepochs = 3";
        Assert.Equal(matches ? 1 : 2, Plan(plan).Runs.Count);
    }

    [Fact]
    public void Equal_runs_count_once() =>
        Assert.Single(Plan("units = 6\n[[include]]\nunits = 6\ngain = 1.0\nepochs = 20").Runs);

    [Theory]
    [InlineData("", "no run")]
    [InlineData("units = = 8", "(1,9)")]
    [InlineData("units = 8\nunits = 9", "already defined")]
    [InlineData("units = \"abc\"", "units: found 'abc'")]
    [InlineData("units = 8.5", "units: found 8.5")]
    [InlineData("units = 99999999999", "units: found 99999999999")]
    [InlineData("units = []", "an empty list")]
    [InlineData("units = [8, 8]", "8 twice")]
    [InlineData("[[exclude]]\ninit = \"normall\"", "[[exclude]] 1: init: found 'normall'")]
    [InlineData("mu = \"abc\"", "mu: found 'abc'")]
    [InlineData("units = [8, [9]]", "a list")]
    [InlineData("unit = 8", "the unknown key 'unit'")]
    [InlineData("a.b = 3", "the unknown key 'a.b'")]
    [InlineData("task = \"nand\"", "'nand'")]
    [InlineData("balanced = 1", "expected true or false")]
    [InlineData("gain = nan", "gain: found NaN")]
    [InlineData("learning_rate = 2020-01-01", "learning_rate")]
    [InlineData("seeds = 0", "seeds: found 0")]
    [InlineData("seeds = [1, 2]", "seeds: found a list")]
    [InlineData("seeds = \"5-3\"", "seeds: found '5-3'")]
    [InlineData("seeds = 1000001", "at most 1000000")]
    [InlineData("seeds = 100000\nunits = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]", "1100000 runs, expected at most 1000000")]
    [InlineData("seed = -1", "seed: found -1")]
    [InlineData("[include]\nunits = 8", "[[include]]")]
    [InlineData("[[others]]\nunits = 8", "'others'")]
    [InlineData("[[include]]\nunit = 8", "[[include]] 1: found the unknown key 'unit'")]
    [InlineData("[[exclude]]", "[[exclude]] 1: found no setting")]
    [InlineData("units = 8\n[[exclude]]\nunits = 8", "no run that is not excluded")]
    [InlineData("sign = \"none\"\nbalanced = true", "balanced initialisation")]
    [InlineData("trials = 50", "trials")]
    public void A_plan_that_cannot_be_run_is_refused_with_its_place(string text, string found)
    {
        if (text.Length == 0) Assert.Single(Plan(text).Runs); // the default run
        else Assert.Contains(found, Assert.Throws<InvalidInputException>(() => Plan(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smoke.toml", 24)]
    [InlineData("paper.toml", 440)]
    [InlineData("tasks.toml", 84)]
    public void Shipped_plans_are_what_they_say(string name, int runs) =>
        Assert.Equal(runs, SweepPlan.Read(Path.Combine(Repository.Root, "tools/studies", name)).Runs.Count);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(40)]
    public void Shards_are_disjoint_complete_and_balanced(int shards)
    {
        var plan = Plan("seeds = 3\nunits = [5, 40, 200, 300]\nepochs = [5, 10]");
        var dealt = Shard.Deal(plan, shards);
        Assert.Equal(shards, dealt.Count);
        Assert.Equal(plan.Runs.Select(run => run.Id).Order(), dealt.SelectMany(runs => runs).Select(run => run.Id).Order());
        var loads = dealt.Select(runs => runs.Sum(run => run.Cost)).ToArray();
        Assert.True(loads.Max() <= loads.Average() + plan.Runs.Max(run => run.Cost));
        Assert.Equal(dealt.Select(runs => runs.Select(run => run.Id)),
            Shard.Deal(Plan(plan.Text), shards).Select(runs => runs.Select(run => run.Id)));
    }

    [Theory]
    [InlineData("0/3")]
    [InlineData("4/3")]
    [InlineData("1")]
    [InlineData("1/3/5")]
    [InlineData("-1/3")]
    [InlineData("1/1000000")]
    [InlineData(" 1/3")]
    [InlineData("")]
    public void A_shard_that_cannot_be_is_refused(string text) => Assert.Throws<InvalidInputException>(() => Shard.Parse(text));

    [Theory]
    [InlineData("task = \"\\", "does not end")]
    [InlineData("task_file = \"\\u0000\"", "NUL")]
    [InlineData("task = \"\\u0000\"", "task: found ' '")]
    [InlineData("units = 8.0", "8.0 is not a whole number")]
    [InlineData("units = 8\nepochs = \0\0", "U+0000) in line 2")]
    [InlineData("units.a.b = 3", "'units.a.b'")]
    [InlineData("units = {}", "units: found a table")]
    [InlineData("units = 8\n[task_option]\ngaps = 40", "gaps")]
    [InlineData("task_option.gap = 40\n\"task_option.gap\" = 50", "'task_option.gap' twice")]
    public void Odd_text_is_refused_in_one_line(string text, string found)
    {
        var message = Assert.Throws<InvalidInputException>(() => Plan(text)).Message;
        Assert.Contains(found, message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a=", 30_000)]
    [InlineData("a.", 50_000)]
    [InlineData("= ", 50_000)]
    [InlineData("\0", 200_000)]
    [InlineData("\n", PlanToml.MostCharacters + 1)]
    public void Much_text_that_is_no_plan_gives_a_short_message(string part, int times)
    {
        var text = "units = " + string.Concat(Enumerable.Repeat(part, times));
        Assert.InRange(Assert.Throws<InvalidInputException>(() => Plan(text)).Message.Length, 10, 600);
    }

    [Fact]
    public void Empty_lines_and_long_lists_are_read_in_one_go()
    {
        Assert.Single(Plan("units = 8\n" + new string('\n', 400_000) + "epochs = 1").Runs);
        Assert.Equal(2000, Plan($"units = 8\ngain = [\n{string.Concat(Enumerable.Range(1, 2000).Select(i => $"{i},\n"))}]").Runs.Count);
    }

    [Fact]
    public void Too_many_comparisons_with_exclude_blocks_are_refused()
    {
        var text = $"units = [{string.Join(',', Enumerable.Range(2, 999))}]\nepochs = [{string.Join(',', Enumerable.Range(1, 500))}]\n";
        var blocks = string.Concat(Enumerable.Range(2, 300).Select(i => $"[[exclude]]\nunits = {i}\n"));
        var refusal = Assert.Throws<InvalidInputException>(() => Plan(text + blocks));
        Assert.Contains("combinations to compare", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_UTF8_with_or_without_a_mark()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. "units = 8\n# gr"u8, 0xfc, .. "n\n"u8]);
            var refusal = Assert.Throws<InvalidInputException>(() => SweepPlan.Read(path));
            Assert.Contains("not UTF-8, in line 2", refusal.Message, StringComparison.Ordinal);
            File.WriteAllText(path, "units = 8 # grün", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            Assert.Equal(Plan("units = 8").Runs.Single().Id, SweepPlan.Read(path).Runs.Single().Id);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
