using System.CommandLine;

namespace EiRnnFast.CommandLine;

/// <summary>Examples at the end of every help text.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> s_ofCommand = new()
    {
        ["eirnn"] =
        [
            "eirnn train",
            "eirnn spectrum eirnn-and-n100-seed1/network.npz",
            "eirnn sweep tools/studies/smoke.toml --out runs/smoke",
        ],
        ["train"] =
        [
            "eirnn train --task xor --excitatory 0.8 --balanced --out runs/xor",
            "eirnn train --resume runs/xor",
            "eirnn train --task working-memory --task-options delay_max=30",
            "eirnn train --task-file trials.npz --units 50 --epochs 5 --json",
        ],
        ["spectrum"] =
        [
            "eirnn spectrum runs/xor/network.npz",
            "eirnn spectrum runs/xor/initial.npz runs/xor/network.npz --out spectra",
            "eirnn spectrum matrices.npy --pseudospectrum --json",
        ],
        ["dynamics"] =
        [
            "eirnn dynamics runs/xor/network.npz --task xor --out runs/dynamics",
            "eirnn dynamics dale.npz --against free.npz --task and --trials 50",
        ],
        ["run"] =
        [
            "eirnn run runs/xor/network.npz --npz states.npz",
            "eirnn run model.h5 --task and --trials 200 --npz states.npz",
        ],
        ["tasks"] =
        [
            "eirnn tasks",
            "eirnn tasks context-decision",
            "eirnn tasks and --npz trials.npz --trials 1050 --task-options gap=40",
            "eirnn tasks delayed-response --plot delayed-response.svg",
        ],
        ["presets"] = ["eirnn presets", "eirnn presets published"],
        ["info"] = ["eirnn info", "eirnn info --kernels scalar --lapack own --json"],
        ["sweep"] =
        [
            "eirnn sweep plan.toml --dry-run",
            "eirnn sweep plan.toml --out runs/plan --memory 16G",
            "eirnn sweep plan.toml --out runs/plan --shard 3/16 --workers 2",
        ],
        ["status"] = ["eirnn status runs/plan", "eirnn status runs/plan --json"],
        ["export"] =
        [
            "eirnn export runs/plan --csv runs.csv --parquet runs.parquet",
            "eirnn export runs/plan --csv eigenvalues.csv --eigenvalues",
            "eirnn export runs/plan --network 3fa9 --npz network.npz",
            "eirnn export runs/plan --networks networks",
        ],
        ["convert"] =
        [
            "eirnn convert runs/xor/network.npz xor.h5",
            "eirnn convert runs/xor/network.npz xor.hdf5 --keras 2",
            "eirnn convert xor.h5 xor.npz",
        ],
        ["slurm"] =
        [
            "eirnn slurm plan.toml --out runs/plan --array 200 --cpus 4",
            "eirnn slurm plan.toml --out runs/plan --array 200 --throttle 20 --submit",
            "eirnn slurm plan.toml --out runs/plan --array 8 --time 2-12 --account lab",
            "eirnn slurm plan.toml --out runs/plan --array 8 --sbatch --exclusive",
        ],
        ["report"] = ["eirnn report runs/plan", "eirnn report runs/xor --svg --out pages"],
        ["completion"] =
        [
            "eirnn completion bash >> ~/.bashrc",
            "eirnn completion zsh >> ~/.zshrc",
            "eirnn completion fish > ~/.config/fish/completions/eirnn.fish",
        ],
    };

    /// <summary>Those of a command.</summary>
    public static IReadOnlyList<string> Of(Command command) => s_ofCommand[command is RootCommand ? "eirnn" : command.Name];
}
