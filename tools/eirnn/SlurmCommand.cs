using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn slurm PLAN</c>: a sweep as an array job of a cluster.</summary>
internal static class SlurmCommand
{
    public static Command Create()
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan, a TOML file." };
        var output = new Option<string>("--out") { Description = "Folder of the sweep, where every node reaches it; the script goes there as sweep.sbatch.", Required = true };
        var array = Options.OptionalNumber<int>("--array", "Tasks of the array; each runs one shard of the plan.");
        array.Required = true;
        var cpus = Options.Number("--cpus", "Cores of each task; it trains as many networks at a time.", 1);
        var partition = new Option<string>("--partition") { Description = "Partition (default: the site's)." };
        var time = new Option<string>("--time") { Description = "Time limit as Slurm writes it, such as 12:00:00 (default: the site's)." };
        var memory = Options.Memory("Memory that each task asks for (default: none is asked for, since not every site counts it).");
        var keepWeights = new Option<bool>("--keep-weights") { Description = "Record the trained networks too." };
        var submit = new Option<bool>("--submit") { Description = "Submit the script with sbatch." };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("slurm", "Write a Slurm array job that runs a sweep, one shard a task, and submit it.") { plan, output, array, cpus, partition, time, memory, keepWeights, submit, json, quiet };
        command.SetAction(parsed =>
        {
            if (string.IsNullOrWhiteSpace(parsed.GetValue(output))) throw InvalidInputException.Of("output folder", "an empty name", "a folder that all nodes reach", "choose another --out");
            var (read, folder) = (SweepPlan.Read(parsed.GetValue(plan)!), Path.GetFullPath(parsed.GetValue(output)!));
            var kernels = BackendOptions.Of(parsed).Kernels;
            var sweep = SweepFolder.At(folder);
            var (tasks, cores) = (parsed.GetValue(array)!.Value, parsed.GetValue(cpus));
            var script = new SlurmScript
            {
                Program = Program(), Plan = sweep.PlanFile, Folder = folder, Tasks = tasks, Cpus = cores, Partition = parsed.GetValue(partition), Time = parsed.GetValue(time),
                MemoryMib = (parsed.GetValue(memory) + (1 << 20) - 1) >> 20, KeepWeights = parsed.GetValue(keepWeights),
                Kernels = parsed.GetValue(BackendOptions.Kernels), Lapack = Lasting(parsed.GetValue(BackendOptions.Lapack)), ExpectedSeconds = 0, ExpectedMib = 0,
            };
            script.Validate();
            var loads = Shard.Deal(read, tasks).Select(runs => Math.Max(runs.Sum(run => run.Cost) / cores, runs.Select(run => run.Cost).DefaultIfEmpty().Max()));
            var largest = CostModel.Largest(read.Runs, kernels, cores).Bytes;
            script = script with { ExpectedSeconds = loads.Max(), ExpectedMib = (largest >> 20) + 1 };
            script.Validate();
            var prepared = OutputFolder.Prepare(folder);
            var path = sweep.BatchScript;
            string? job = null;
            try
            {
                sweep.SetPlan(read); // the tasks run this copy, whatever happens to the original while they wait
                AtomicFile.WriteText(path, script.ToString());
                if (parsed.GetValue(submit)) job = Submit(path);
            }
            catch
            {
                prepared.Withdraw();
                throw;
            }
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(new { Script = path, Job = job, Runs = read.Runs.Count, Tasks = tasks, script.ExpectedSeconds }, TrainingSummary.Json));
            else Console.WriteLine(job is null ? $"wrote {path}; submit it with: sbatch {path}" : $"submitted {path} as job {job}; where it stands: eirnn status {folder}");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>A library's path from anywhere; a bare name is left to the loader of each node.</summary>
    private static string? Lasting(string? lapack) => lapack is not null && lapack.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(lapack) : lapack;

    /// <summary>This program, as a node has to start it: one file, or the runtime with the program.</summary>
    private static string[] Program()
    {
        var process = Environment.ProcessPath ?? throw InvalidInputException.Of("program", "no path of it", "a file on a disk that the nodes reach", "publish it as one file");
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Path.Combine(AppContext.BaseDirectory, "eirnn.dll")] : [process];
    }

    private static string Submit(string script)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("sbatch", ["--parsable", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var job = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? job
                : throw new ComputationException($"sbatch: found '{error.GetAwaiter().GetResult().Trim().ReplaceLineEndings(" ")}', expected a job id; correct the options, or submit {script} by hand");
        }
        catch (Win32Exception e)
        {
            throw new InvalidInputException(InvalidInputException.Of("sbatch", "no such program here", "Slurm's sbatch on the path", $"submit {script} where it is").Message, e);
        }
    }
}
