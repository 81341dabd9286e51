using System.Runtime.Versioning;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>Files and folders are open to whom the umask says: in a folder of a group, the group goes on with a sweep.</summary>
[Collection(ProgramRuns.Name)]
public sealed class UmaskTests : IDisposable
{
    private readonly ProgramSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void What_the_group_may_write_follows_the_umask()
    {
        File.WriteAllText(_sandbox["plan.toml"], "units = [5, 6]\ntrials = 120\nepochs = 1\n");
        _sandbox.Shell("""
            for mask in 002 077; do
                mkdir $mask && chmod 2775 $mask && umask $mask
                eirnn train --units 5 --epochs 1 --trials 120 --out $mask/run --track-spectrum --svg --quiet
                eirnn sweep plan.toml --out $mask/sweep --quiet && eirnn export $mask/sweep --csv $mask/runs.csv --quiet
                eirnn report $mask/sweep --quiet && eirnn slurm plan.toml --out $mask/slurm --array 2
                eirnn tasks and --npz $mask/trials.npz --trials 20 --quiet
                eirnn spectrum $mask/run/network.npz --out $mask/spectra --quiet
            done
            """).Succeeded();
        var (shared, own) = (Modes("002"), Modes("077"));
        Assert.True(shared.Length > 30 && shared.Length == own.Length, $"{shared.Length} and {own.Length} files");
        Assert.All(shared, entry => Assert.True(entry.Mode.HasFlag(UnixFileMode.GroupWrite | UnixFileMode.GroupRead), entry.Path));
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        Assert.All(own, entry => Assert.True((entry.Mode & others) == 0, entry.Path));
    }

    [SupportedOSPlatform("linux")]
    private (string Path, UnixFileMode Mode)[] Modes(string folder) =>
    [
        .. _sandbox.Entries.Where(entry => entry.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(entry => (entry, File.GetUnixFileMode(_sandbox[entry]))),
    ];
}
