using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using EiRnnFast.Files;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn slurm PLAN</c>: a sweep as an array job of a cluster.</summary>
internal static class SlurmCommand
{
    public static Command Create()
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan, a TOML file." };
        var output = new Option<string>("--out")
        {
            Description = "Folder of the sweep, where every node reaches it; the script goes there as sweep.sbatch.",
            Required = true,
        };
        var array = Options.OptionalNumber("--array", "Tasks of the array; each runs one shard of the plan.");
        array.Required = true;
        var cpus = Options.Number("--cpus", "Cores of each task; it trains as many networks at a time.", 1);
        var partition = new Option<string>("--partition") { Description = "Partition (default: the site's)." };
        var time = new Option<string>("--time") { Description = "Time limit as Slurm writes it, such as 12:00:00 (default: the site's)." };
        var account = new Option<string>("--account") { Description = "Account that is charged (default: yours)." };
        var qos = new Option<string>("--qos") { Description = "Quality of service (default: the site's)." };
        var constraint = new Option<string>("--constraint") { Description = "Features that a node must have, such as 'avx512&ib'." };
        var throttle = Options.OptionalNumber("--throttle", "Most tasks of the array that run at a time (default: no limit).");
        var further = new Option<string[]>("--sbatch")
        {
            Description = "A further option of sbatch, such as --sbatch=--exclusive. It may be given several times.",
        };
        var memory = Options.Memory("Memory that each task asks for (default: none is asked for, since not every site counts it).");
        var keepWeights = new Option<bool>("--keep-weights") { Description = "Record the trained networks too." };
        var submit = new Option<bool>("--submit") { Description = "Submit the script with sbatch." };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("slurm", "Write a Slurm array job that runs a sweep, one shard a task, and submit it.")
        {
            plan, output, array, cpus, throttle, partition, time, account, qos, constraint, memory, further,
            keepWeights, submit, json, quiet,
        };
        command.SetAction(parsed =>
        {
            if (string.IsNullOrWhiteSpace(parsed.GetValue(output)))
                throw InvalidInputException.Of("output folder", "an empty name", "a folder that all nodes reach", "choose another --out");
            var (read, folder) = (SweepPlan.Read(parsed.GetValue(plan)!), Path.GetFullPath(parsed.GetValue(output)!));
            var kernels = BackendOptions.Of(parsed).Kernels;
            var sweep = SweepFolder.At(folder);
            var (tasks, cores) = (parsed.GetValue(array)!.Value, parsed.GetValue(cpus));
            var script = new SlurmScript
            {
                Program = Program(),
                Plan = sweep.PlanFile,
                PlanSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(read.Text))),
                Folder = folder,
                Tasks = tasks,
                Cpus = cores,
                Threads = read.Threads ?? 1,
                Partition = parsed.GetValue(partition),
                Time = parsed.GetValue(time),
                Account = parsed.GetValue(account),
                Qos = parsed.GetValue(qos),
                Constraint = parsed.GetValue(constraint),
                Throttle = parsed.GetValue(throttle),
                Further = parsed.GetValue(further) ?? [],
                MemoryMib = (parsed.GetValue(memory) + (1 << 20) - 1) >> 20,
                KeepWeights = parsed.GetValue(keepWeights),
                Kernels = parsed.GetValue(BackendOptions.Kernels),
                Lapack = Lasting(parsed.GetValue(BackendOptions.Lapack)),
                ExpectedSeconds = 0,
                ExpectedMib = 0,
            };
            script.Validate(); // before the runs are dealt, which needs the numbers of tasks and cores
            var shards = Shard.Deal(read, tasks);
            var (threads, workers) = (script.Threads, Math.Max(1, cores / script.Threads));
            var largest = CostModel.Largest(read.Runs, kernels, workers).Bytes;
            script = script with
            {
                ExpectedSeconds = shards.Max(runs => SweepCommand.ExpectedSeconds(runs, workers, threads, kernels.LaneWidth)),
                ExpectedMib = (largest >> 20) + 1,
            };
            script.Validate();
            if (!parsed.GetValue(quiet))
                foreach (var note in Notes(script, sweep, read)) StandardStreams.TellLine($"note: {note}");
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
            if (parsed.GetValue(json))
                StandardStreams.PrintJson(new { Script = path, Job = job, Runs = read.Runs.Count, Tasks = tasks, script.ExpectedSeconds });
            else if (job is null) Console.WriteLine($"wrote {path}; submit it with: sbatch {SlurmScript.Quoted(path)}");
            else Console.WriteLine($"submitted {path} as job {job}; where it stands: eirnn status {folder}");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What may surprise later.</summary>
    private static IEnumerable<string> Notes(SlurmScript script, SweepFolder sweep, SweepPlan plan)
    {
        if (sweep.PlanDiffers(plan) && File.Exists(sweep.BatchScript))
            yield return $"{sweep.Path} had another plan; arrays of it that still wait will refuse to run: "
                + "cancel them, or use another --out";
        if (script.Tasks > plan.Runs.Count)
            yield return $"--array {script.Tasks} for {Readable.Count(plan.Runs.Count, "run")}: "
                + $"{Readable.Count(script.Tasks - plan.Runs.Count, "task")} will be empty";
        if (script.TimeLimitSeconds is { } limit && limit < script.ExpectedSeconds)
            yield return $"--time {script.Time} is {Readable.Time(limit)}, but the longest task is expected to take "
                + $"{Readable.Time(script.ExpectedSeconds)}; Slurm does not start a task again that has run out of time: "
                + "submit the script again, or give more --time or a larger --array";
    }

    /// <summary>A library's path from anywhere; a bare name is left to the loader of each node.</summary>
    private static string? Lasting(string? lapack) =>
        lapack is not null && lapack.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(lapack) : lapack;

    /// <summary>This program, as a node has to start it: one file, or the runtime with the program.</summary>
    private static string[] Program()
    {
        var process = Environment.ProcessPath
            ?? throw InvalidInputException.Of(
                "program", "no path of it", "a file on a disk that the nodes reach", "publish it as one file");
        var isRuntime = Path.GetFileNameWithoutExtension(process) == "dotnet";
        return isRuntime ? [process, Path.Combine(AppContext.BaseDirectory, "eirnn.dll")] : [process];
    }

    private static string Submit(string script)
    {
        try
        {
            var start = new ProcessStartInfo("sbatch", ["--parsable", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var job = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            if (process.ExitCode == 0) return job;
            var found = error.GetAwaiter().GetResult().Trim().ReplaceLineEndings(" ");
            throw new ComputationException(
                $"sbatch: found '{found}', expected a job id; correct the options, or submit {script} by hand");
        }
        catch (Win32Exception e)
        {
            var told = InvalidInputException.Of(
                "sbatch", "no such program here", "Slurm's sbatch on the path", $"submit {script} where it is");
            throw new InvalidInputException(told.Message, e);
        }
    }
}
