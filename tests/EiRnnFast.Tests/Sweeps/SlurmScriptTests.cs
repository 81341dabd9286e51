using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.House;

namespace EiRnnFast.Tests.Sweeps;

public sealed class SlurmScriptTests
{
    private static readonly SlurmScript s_script = new()
    {
        Program = ["/home/ada/eirnn"], Plan = "/home/ada/my plans/paper-size.toml", Folder = "/scratch/ada/size", Tasks = 200, Cpus = 4,
        Partition = "short", Time = "12:00:00",
        MemoryMib = 4096, ExpectedMib = 700, ExpectedSeconds = 12345.6, KeepWeights = true,
    };

    [Fact]
    public void It_is_the_script_that_was_agreed()
    {
        var file = Path.Combine(Repository.Root, "tests/EiRnnFast.Tests/Sweeps/expected.sbatch");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), s_script.ToString());
    }

    [Fact]
    public void What_is_not_given_is_left_to_the_site()
    {
        var text = (s_script with { Partition = null, Time = null, MemoryMib = null, KeepWeights = false }).ToString();
        Assert.DoesNotContain("--partition", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--time", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--mem", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--keep-weights", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_batch_script_cannot_hold_is_refused()
    {
        SlurmScript[] unusable =
        [
            s_script with { Tasks = 0 }, s_script with { Tasks = 1_000_000 }, s_script with { Cpus = 0 },
            s_script with { Partition = "a b" }, s_script with { Partition = "" },
            s_script with { Time = "1h; rm -rf /" }, s_script with { Folder = "/scratch/with space" },
            s_script with { Folder = "/scratch/%j" }, s_script with { Plan = "/a\n#SBATCH --wrap" },
        ];
        Assert.All(unusable, script => Assert.Throws<InvalidInputException>(script.Validate));
    }

    [Fact]
    public void Networks_on_several_threads_share_the_cores_of_a_task() =>
        Assert.Contains("--workers \"$((SLURM_CPUS_PER_TASK > 3 ? SLURM_CPUS_PER_TASK / 3 : 1))\"",
            (s_script with { Threads = 3 }).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Odd_paths_are_words_of_the_shell() =>
        Assert.Contains("sweep '/a/it'\\''s; $HOME.toml' --out", (s_script with { Plan = "/a/it's; $HOME.toml" }).ToString(),
            StringComparison.Ordinal);

    [Fact]
    public void What_computes_is_passed_on_when_it_is_said()
    {
        Assert.DoesNotContain("--kernels", s_script.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(" --keep-weights --kernels scalar --lapack '/opt/my lib.so'\n",
            (s_script with { Kernels = "scalar", Lapack = "/opt/my lib.so" }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_site_asks_for_stands_in_lines_of_its_own()
    {
        var text = (s_script with
        {
            Account = "lab_7",
            Qos = "long",
            Constraint = "(avx512&ib)|milan*2",
            Throttle = 20,
            Further = ["--exclusive", "--mail-user=ada@example.org", "-x node[1-3]"],
        }).ToString();
        string[] lines =
        [
            "#SBATCH --array=1-200%20", "#SBATCH --account=lab_7", "#SBATCH --qos=long", "#SBATCH --constraint=(avx512&ib)|milan*2",
            "#SBATCH --exclusive", "#SBATCH --mail-user=ada@example.org", "#SBATCH -x node[1-3]",
        ];
        foreach (var line in lines) Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_break_the_script_is_refused()
    {
        SlurmScript[] unusable =
        [
            s_script with { Account = "my lab" }, s_script with { Account = "" }, s_script with { Account = "lab\n#SBATCH --wrap=x" },
            s_script with { Qos = "'long'" }, s_script with { Constraint = "a b" }, s_script with { Constraint = "\"a\"" },
            s_script with { Throttle = 0 }, s_script with { Further = ["exclusive"] }, s_script with { Further = [""] },
            s_script with { Further = ["--exclusive\nrm -rf /"] }, s_script with { Further = ["--array=1-3"] },
            s_script with { Further = ["-n 4"] }, s_script with { Further = ["--exclusive", "--wrap=x"] },
        ];
        Assert.All(unusable, script => Assert.Throws<InvalidInputException>(script.Validate));
    }

    [Theory]
    [InlineData("90")]
    [InlineData("90:00")]
    [InlineData("12:00:00")]
    [InlineData("2-12")]
    [InlineData("2-12:30")]
    [InlineData("2-12:30:15")]
    [InlineData("UNLIMITED")]
    [InlineData("infinite")]
    public void A_time_limit_has_a_form_of_the_manual(string time) =>
        Assert.Contains($"#SBATCH --time={time}\n", (s_script with { Time = time }).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("12h")]
    [InlineData("1d")]
    [InlineData("")]
    [InlineData("1:2:3:4")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("12:00:00\n")]
    [InlineData("1-2-3")]
    [InlineData("١٢")]
    public void A_time_limit_that_Slurm_does_not_know_is_refused(string time)
    {
        var refusal = Assert.Throws<InvalidInputException>((s_script with { Time = time }).Validate);
        Assert.StartsWith("time: found", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", true)]
    [InlineData("short,long_2.gpu-a", true)]
    [InlineData("short,", false)]
    [InlineData("short:4", false)]
    [InlineData("-short", false)]
    [InlineData("short\n#SBATCH --wrap=x", false)]
    public void A_partition_is_a_list_of_names(string partition, bool usable)
    {
        var error = Record.Exception((s_script with { Partition = partition }).Validate);
        Assert.Equal(usable, error is null);
        Assert.True(usable || error is InvalidInputException);
    }

    [Fact]
    public void The_memory_of_a_task_is_that_of_its_largest_run_whatever_the_task()
    {
        var kernels = EiRnnFast.Kernels.KernelSet.Current;
        SweepPlan Plan(string tasks) => SweepPlan.Parse($"units = 20\nepochs = 1\ntask = [{tasks}]", "plan");
        var both = CostModel.Largest(Plan("\"time-pulse\", \"windowed-integration\"").Runs, kernels);
        Assert.Equal("windowed-integration", both.Run.Settings.Task.Name);
        Assert.Equal(CostModel.Largest(Plan("\"windowed-integration\"").Runs, kernels).Bytes, both.Bytes);
        Assert.True(CostModel.Largest(Plan("\"time-pulse\"").Runs, kernels).Bytes < both.Bytes);
    }
}
