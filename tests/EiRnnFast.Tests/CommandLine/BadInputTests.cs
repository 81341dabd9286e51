namespace EiRnnFast.Tests.CommandLine;

/// <summary>Every mistake: exit code 2, one line on standard error, and nothing made.</summary>
[Collection(ProgramRuns.Name)]
public sealed class BadInputTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("--nonsense")]
    [InlineData("train --nonsense")]
    [InlineData("train extra")]
    [InlineData("train --units")]
    [InlineData("train --units --json")]
    [InlineData("train --units=")]
    [InlineData("train --generalise")]
    [InlineData("spectrum matrix.npy --bootstrap 50 --bootstrap 60")]
    [InlineData("dynamics network.npz --against")]
    [InlineData("slurm plan.toml")]
    [InlineData("completion")]
    [InlineData("--kernels")]
    [InlineData("train --units 8 --units 9")]
    [InlineData("train --task nand")]
    [InlineData("train --sign both")]
    [InlineData("train --preset mine")]
    [InlineData("train --init zeros")]
    [InlineData("train --units 0")]
    [InlineData("train --units 1")]
    [InlineData("train --units 100000")]
    [InlineData("train --units -5")]
    [InlineData("train --units 1e9")]
    [InlineData("train --units abc")]
    [InlineData("train --units 3.5")]
    [InlineData("train --excitatory -0.1")]
    [InlineData("train --excitatory 1.5")]
    [InlineData("train --excitatory NaN")]
    [InlineData("train --excitatory abc")]
    [InlineData("train --excitatory 0.5 --sign none")]
    [InlineData("train --gain NaN")]
    [InlineData("train --alpha 0")]
    [InlineData("train --alpha 0.5 --tau 3")]
    [InlineData("train --tau 0.5")]
    [InlineData("train --tau 5 --tau-max 4")]
    [InlineData("train --tau-max 4")]
    [InlineData("train --dt 2")]
    [InlineData("train --loss none")]
    [InlineData("train --loss cross_entropy --task oscillator")]
    [InlineData("train --cost-weight 1")]
    [InlineData("train --cost-weight -1")]
    [InlineData("train --cost-box x=5 y=3 --cost-weight 1")]
    [InlineData("train --cost-box q=5 --cost-weight 1")]
    [InlineData("train --cost-box x=2.5 --cost-weight 1")]
    [InlineData("train --cost-file nowhere.npy")]
    [InlineData("train --cost-file . --cost-box x=100")]
    [InlineData("train --noise-in -1")]
    [InlineData("train --curriculum gap=5 --validation-trials 20")]
    [InlineData("train --curriculum until --validation-trials 20")]
    [InlineData("train --batch all --data fresh")]
    [InlineData("train --batch some")]
    [InlineData("train --data fresh --trials 100")]
    [InlineData("train --data stale")]
    [InlineData("train --data fresh --shuffle off")]
    [InlineData("train --epoch-updates 5")]
    [InlineData("train --data fresh --epoch-updates 0")]
    [InlineData("presets mine")]
    [InlineData("presets --plot x")]
    [InlineData("train --density 0")]
    [InlineData("train --density 1.1")]
    [InlineData("train --density 0.01")]
    [InlineData("train --areas a=0.5 b=0.4")]
    [InlineData("train --areas a=0.5 a=0.5")]
    [InlineData("train --areas a")]
    [InlineData("train --areas input=1")]
    [InlineData("train --areas a=0.001 b=0.999")]
    [InlineData("train --projections a->b")]
    [InlineData("train --areas a=0.5 b=0.5 --projections a->c")]
    [InlineData("train --areas a=0.5 b=0.5 --projections a-b")]
    [InlineData("train --areas a=0.5 b=0.5 --projections a->b a->b")]
    [InlineData("train --mask-file nowhere.npy")]
    [InlineData("train --mask-file . --density 0.5")]
    [InlineData("train --frozen weights")]
    [InlineData("train --frozen initial_state")]
    [InlineData("train --frozen initial_state --train-initial-state")]
    [InlineData("train --frozen kernel recurrent_kernel bias dense_kernel dense_bias")]
    [InlineData("train --readout-from-excitatory --sign-axis none")]
    [InlineData("train --readout-from-excitatory --excitatory 0")]
    [InlineData("train --spectral-radius 1 --gain 2")]
    [InlineData("train --spectral-radius 0")]
    [InlineData("train --spectral-radius 1 --init identity --autapses off")]
    [InlineData("train --magnitude-cv 1")]
    [InlineData("train --init gamma --magnitude-mean 1 --spectral-radius 1")]
    [InlineData("train --frozen bias bias")]
    [InlineData("train --momentum 0.5")]
    [InlineData("train --optimizer sgd --momentum 1")]
    [InlineData("train --optimizer sgd --beta1 0.5")]
    [InlineData("train --optimizer sga")]
    [InlineData("train --schedule cosine --decay 0.1")]
    [InlineData("train --schedule-factor 0.5")]
    [InlineData("train --schedule steps --schedule-factor 0")]
    [InlineData("train --weight-decay -1")]
    [InlineData("train --weight-decay 1e6")]
    [InlineData("train --l2-rate -1")]
    [InlineData("train --l1-recurrent NaN")]
    [InlineData("train --init gamma --sign-axis none")]
    [InlineData("train --init gamma --magnitude-cv 0")]
    [InlineData("train --gain 0")]
    [InlineData("train --gain -1")]
    [InlineData("train --gain Infinity")]
    [InlineData("train --learning-rate 0")]
    [InlineData("train --learning-rate -1")]
    [InlineData("train --learning-rate NaN")]
    [InlineData("train --clip-norm NaN")]
    [InlineData("train --epochs 0")]
    [InlineData("train --batch 0")]
    [InlineData("train --seed -1")]
    [InlineData("train --seed 4294967296")]
    [InlineData("train --seed 99999999999999999999")]
    [InlineData("train --seed x")]
    [InlineData("train --data-seed -1")]
    [InlineData("train --data-seed 4294967296")]
    [InlineData("train --balanced --sign none")]
    [InlineData("train --balanced --excitatory 1")]
    [InlineData("train --mu 0.1 --init normal")]
    [InlineData("train --mu NaN --init two-gaussian")]
    [InlineData("train --out new/nested --units 0")]
    [InlineData("spectrum")]
    [InlineData("spectrum missing.npz")]
    [InlineData("spectrum missing.npz --out new/nested")]
    [InlineData("spectrum .")]
    public void Is_refused_in_one_line(string line)
    {
        _sandbox.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).RefusedInOneLine();
        Assert.Empty(_sandbox.Entries);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("plain")]
    [InlineData("plain/below")]
    [InlineData("plain/two\nlines")]
    public void An_output_folder_that_cannot_be_is_refused(string folder)
    {
        File.WriteAllText(_sandbox["plain"], "a file");
        _sandbox.Run("train", "--units", "8", "--out", folder).RefusedInOneLine();
        _sandbox.Run("spectrum", "plain", "--out", folder).RefusedInOneLine();
        Assert.Equal(["plain"], _sandbox.Entries);
        Assert.Equal("a file", File.ReadAllText(_sandbox["plain"]));
    }

    [Theory]
    [InlineData("EIRNN_KERNELS", "vector4096", "train")]
    [InlineData("EIRNN_KERNELS", "vector4096", "info")]
    [InlineData("EIRNN_RECURRENT", "spares", "train")]
    [InlineData("EIRNN_RECURRENT", "spares", "info")]
    [InlineData("EIRNN_LAPACK", "/nonexistent", "train")]
    [InlineData("EIRNN_LAPACK", "/nonexistent", "info")]
    public void An_environment_that_names_what_is_not_there_is_refused(string variable, string value, string command)
    {
        var result = _sandbox.Run([command], new() { [variable] = value }).RefusedInOneLine();
        Assert.Contains(variable, result.Error, StringComparison.Ordinal);
        Assert.Empty(_sandbox.Entries);
    }

    [Theory]
    [InlineData("--kernels", "vector4096", "EIRNN_KERNELS")]
    [InlineData("--kernels", "", "EIRNN_KERNELS")]
    [InlineData("--lapack", "/nonexistent", "EIRNN_LAPACK")]
    [InlineData("--lapack", "", "EIRNN_LAPACK")]
    public void An_option_that_names_what_is_not_there_is_refused_by_its_name(string option, string value, string variable)
    {
        string[][] commands =
        [
            ["train"], ["info"], ["spectrum", "none.npz"], ["dynamics", "none.npz"], ["run", "none.npz"],
            ["sweep", "plan.toml"],
            ["slurm", "plan.toml", "--out", "out", "--array", "1"],
        ];
        File.WriteAllText(_sandbox["plan.toml"], "units = 8\nepochs = 1\ntask = \"and\"\n");
        foreach (var command in commands)
        {
            var result = _sandbox.Run([.. command, option, value], new() { [variable] = "also-bad" }).RefusedInOneLine();
            Assert.StartsWith($"eirnn: {option}: found '{value}', expected ", result.Error, StringComparison.Ordinal);
        }
        Assert.Equal(["plan.toml"], _sandbox.Entries);
    }

    [ScratchMountFact]
    public void A_read_only_file_system_is_refused()
    {
        using var mount = new ScratchMount(_sandbox["mounted"]);
        _sandbox.Run("train", "--units", "8", "--out", "mounted").RefusedInOneLine();
        _sandbox.Run("train", "--units", "8", "--out", "mounted/new").RefusedInOneLine();
        Assert.Equal(["mounted"], _sandbox.Entries);
    }
}
