using EiRnnFast.Files;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Sweeps;

/// <summary>What plans say of tasks and data sets.</summary>
public sealed class TaskPlanTests : IDisposable
{
    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    private static SweepPlan Plan(string text) => SweepPlan.Parse(text, "plan");

    [Fact]
    public void Options_of_a_task_are_crossed_like_all_else()
    {
        var plan = Plan("task_option.gap = [20, 40]\ntask_option.noise = 0.1\nunits = 8\nepochs = 1");
        Assert.Equal([290, 310], plan.Runs.Select(run => run.Settings.Task.Steps));
        Assert.Equal(Plan("task_option = { gap = 20, noise = 0.1 }\nunits = 8\nepochs = 1").Runs.Single().Id, plan.Runs[0].Id);
        // a default said is a default
        Assert.Equal(Plan("units = 8\ntask_option.gap = 20").Runs.Single().Id, Plan("units = 8").Runs.Single().Id);
        Assert.Single(Plan("task_option.gap = [20, 40]\n[[exclude]]\ntask_option.gap = 40").Runs);
        Assert.Equal(2, Plan("task = \"and\"\n[[include]]\ntask = \"not\"\ntask_option.gap = 5").Runs.Count);
    }

    [Theory]
    [InlineData("task_option.gaps = 3", "gaps")]
    [InlineData("task_option.gap = \"3\"", "gap")]
    [InlineData("task_option.gap = -3", "gap")]
    [InlineData("task_option = 3", "task_option")]
    [InlineData("task_option.gap = [3, 3.0, 3]", "twice")]
    [InlineData("task_file = \"nowhere.npz\"", "nowhere.npz")]
    [InlineData("task_file = 3", "task_file")]
    [InlineData("data_seed = \"nets\"", "network")]
    [InlineData("patience = 3", "validation trials")]
    [InlineData("validation_trials = 15000", "trials")]
    [InlineData("task = \"time-pulse\"\ntask_option.cue = 3", "cue")]
    public void Mistakes_are_told_by_their_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => Plan(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_network_may_have_a_data_set_of_its_own()
    {
        var plan = Plan("seeds = 3\nunits = 6\nepochs = 1\ntrials = 80\ndata_seed = [\"network\", 3]");
        Assert.Equal(6, plan.Runs.Select(run => run.Id).Distinct().Count());
        Assert.All(plan.Runs.Where(run => run.Settings.OwnDataSet),
            run => Assert.Equal((uint)run.Settings.Seed, run.Settings.Training.DataSeed));
        var rows = SweepTable.Runs(_sandbox.Run("own", plan.Text)).Parts.SelectMany(part => part).ToArray();
        Assert.Equal(4, rows.Select(row => SweepSandbox.Value(row, "data_seed")).Distinct().Count());
    }

    [Fact]
    public void A_task_file_lies_in_the_folder_of_its_plan()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "a plan's \"folder\"")).FullName;
        foreach (var name in (string[])["a", "b c"])
            NpzFile.Write(Path.Combine(folder, name + ".npz"),
                new Dictionary<string, NpyArray>
                {
                    ["x"] = NpyArray.Of(new float[180], 60, name.Length, 3 / name.Length),
                    ["y"] = NpyArray.Of(new float[60 * name.Length], 60, name.Length, 1)
                });
        File.WriteAllText(Path.Combine(folder, "plan.toml"),
            "units = 6\ntask_file = ['a.npz', # two\n \"b c.npz\"]\n[[include]]\n  task_file = \"b c.npz\"\ngain = 2");
        var plan = SweepPlan.Read(Path.Combine(folder, "plan.toml"));
        Assert.Equal(["a", "b c", "b c"], plan.Runs.Select(run => run.Settings.Task.Name));
        File.WriteAllText(Path.Combine(_sandbox.Folder, "copy.toml"), plan.Text); // as a sweep and an array job do
        Assert.Equal(plan.Runs.Select(run => run.Id),
            SweepPlan.Read(Path.Combine(_sandbox.Folder, "copy.toml")).Runs.Select(run => run.Id));
    }

    [Fact]
    public void Runs_of_different_tasks_and_options_do_not_share_data_and_record_what_they_were()
    {
        var task = TaskCatalog.Get("not");
        var (x, y, _) = task.GenerateDoubles(90, 1);
        var file = Path.Combine(_sandbox.Folder, "own.npz");
        NpzFile.Write(file, new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of(x, 90, 200, 1), ["y"] = NpyArray.Of(y, 90, 200, 1) });
        var text = "units = 6\nepochs = 2\nstop_loss = 0\ntask = \"not\"\ntrials = 90\ntask_option.gap = [20, "
            + $"30]\nvalidation_trials = 10\npatience = 9\n[[include]]\ntask = \"working-memory\"\n[[include]]\ntask_file = '{file}'\n";
        // the single task at the top holds there too
        Assert.Contains("together with task", Assert.Throws<InvalidInputException>(() => Plan(text)).Message, StringComparison.Ordinal);
        text = text.Replace("task = \"not\"\n", "", StringComparison.Ordinal)
            .Replace("task_option.gap = [20, 30]\n", "", StringComparison.Ordinal)
            + "[[include]]\ntask = \"not\"\ntask_option.gap = [20, 30]\n";
        string[] expected = SweepSandbox.Rows(_sandbox.Run("one", text, new SweepOptions { Workers = 1 }));
        Assert.Equal(expected, SweepSandbox.Rows(_sandbox.Run("three", text, new SweepOptions { Workers = 3 })));
        var rows = SweepTable.Runs(SweepFolder.Existing(Path.Combine(_sandbox.Folder, "one"))).Parts.SelectMany(part => part).ToArray();
        Assert.Equal(["and", "not", "not", "own", "working-memory"],
            rows.Select(row => (string)SweepSandbox.Value(row, "task")!).Order(StringComparer.Ordinal));
        Assert.Contains("gap=30", rows.Select(row => SweepSandbox.Value(row, "task_options")));
        object?[] own = rows.Single(row => SweepSandbox.Value(row, "task") is "own"),
        built = rows.Single(row => SweepSandbox.Value(row, "task") is "not" && SweepSandbox.Value(row, "task_options") is null);
        Assert.Equal(SweepSandbox.Value(built, "final_loss"), SweepSandbox.Value(own, "final_loss")); // the file holds the same trials
        Assert.Equal(64, ((string)SweepSandbox.Value(own, "task_sha256")!).Length);
        Assert.All(rows, row => Assert.NotNull(SweepSandbox.Value(row, "validation_loss")));
    }

    [Theory]
    [InlineData("task_file = [\"a.npz\", # first ]\n \"b.npz\"]", "a", "b")]
    [InlineData("task_file = ['a.npz', 't[2].npz']", "a", "t[2]")]
    [InlineData("task_file = [\n  \"\\u0061.npz\", # it's \"one\" 😀\n  \"\"\"b.npz\"\"\",\n]", "a", "b")]
    [InlineData("\"task_file\" = 'b.npz' # task_file = 'a.npz'", "b")]
    [InlineData("\uFEFFtask_file = 'a.npz'\r\n", "a")]
    [InlineData("task_file = 'a.npz'\n[[include]]\ntask_file = 'b.npz'\n[[exclude]]\ntask_file = ['a.npz', 't[2].npz']", "b")]
    public void Task_files_are_found_by_their_place_in_the_tree_and_so_in_a_copy(string text, params string[] names)
    {
        WriteTask("a", 12);
        WriteTask("b", 13);
        WriteTask("t[2]", 14);
        var copies = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "copies")).FullName;
        var (own, copy) = (Path.Combine(_sandbox.Folder, "own.toml"), Path.Combine(copies, "copy.toml"));
        const string head = "test_trials = 2\nbatch = 4\n";
        File.WriteAllText(own, text.StartsWith('\uFEFF') ? $"\uFEFF{head}{text[1..]}" : head + text);
        var plan = SweepPlan.Read(own);
        Assert.Equal(names, plan.Runs.Select(run => run.Settings.Task.Name));
        File.WriteAllText(copy, plan.Text);
        Assert.Equal(plan.Runs.Select(run => run.Id), SweepPlan.Read(copy).Runs.Select(run => run.Id));
        Assert.Equal(plan.Text, SweepPlan.Read(copy).Text);
    }

    [Fact]
    public void A_task_file_that_is_not_in_the_folder_of_the_plan_is_no_such_file()
    {
        var plan = Path.Combine(_sandbox.Folder, "plan.toml");
        WriteTask("a", 60);
        File.WriteAllText(plan, "units = 6\ntask_file = [\"a.npz\", # first ]\n \"b.npz\"]");
        var refusal = Assert.Throws<InvalidInputException>(() => SweepPlan.Read(plan));
        Assert.Contains($"{Path.Combine(_sandbox.Folder, "b.npz")}: found no such file", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_task_file_is_checked_with_the_test_trials_of_its_run()
    {
        WriteTask("small", 12);
        var plan = Path.Combine(_sandbox.Folder, "plan.toml");
        File.WriteAllText(plan, "units = 8\ntest_trials = 2\ntask_file = 'small.npz'\n[[include]]\nvalidation_trials = 3\npatience = 2");
        Assert.Equal([2, 2], SweepPlan.Read(plan).Runs.Select(run => run.Settings.Training.TestTrials));
        File.WriteAllText(plan, "units = 8\ntask_file = 'small.npz'\n[[include]]\ntest_trials = 2");
        var refusal = Assert.Throws<InvalidInputException>(() => SweepPlan.Read(plan));
        Assert.Contains("trials: found 12, expected more than the 50", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_under_a_header_are_those_of_the_dotted_form()
    {
        var expected = Plan("units = 8\ntask_option.gap = [20, 40]").Runs.Select(run => run.Id);
        Assert.Equal(expected, Plan("units = 8\n[task_option]\ngap = [20, 40]").Runs.Select(run => run.Id));
        var included = Plan("units = 8\ntask_option.gap = 20\n[[include]]\n[include.task_option]\ngap = 40");
        Assert.Equal(expected, included.Runs.Select(run => run.Id));
    }

    private void WriteTask(string name, int trials)
    {
        var zeros = NpyArray.Of(new float[trials * 3], trials, 3, 1);
        NpzFile.Write(Path.Combine(_sandbox.Folder, name + ".npz"), new Dictionary<string, NpyArray> { ["x"] = zeros, ["y"] = zeros });
    }
}
