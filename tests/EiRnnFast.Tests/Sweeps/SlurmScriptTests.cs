using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.House;

namespace EiRnnFast.Tests.Sweeps;

public sealed class SlurmScriptTests
{
    private static readonly SlurmScript s_script = new()
    {
        Program = ["/home/ada/eirnn"], Plan = "/home/ada/my plans/paper-size.toml", Folder = "/scratch/ada/size", Tasks = 200, Cpus = 4, Partition = "short", Time = "12:00:00",
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
            s_script with { Tasks = 0 }, s_script with { Tasks = 1_000_000 }, s_script with { Cpus = 0 }, s_script with { Partition = "a b" }, s_script with { Partition = "" },
            s_script with { Time = "1h; rm -rf /" }, s_script with { Folder = "/scratch/with space" }, s_script with { Folder = "/scratch/%j" }, s_script with { Plan = "/a\n#SBATCH --wrap" },
        ];
        Assert.All(unusable, script => Assert.Throws<InvalidInputException>(script.Validate));
    }

    [Fact]
    public void Odd_paths_are_words_of_the_shell() =>
        Assert.Contains("sweep '/a/it'\\''s; $HOME.toml' --out", (s_script with { Plan = "/a/it's; $HOME.toml" }).ToString(), StringComparison.Ordinal);
}
