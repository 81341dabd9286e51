using System.CommandLine;
using System.Text;
using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Threads;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn sweep PLAN</c>: runs a plan, or a shard of it, and goes on where it stood.</summary>
internal static class SweepCommand
{
    public const string Name = "sweep";

    public static Command Create(Interruption interruption)
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan, a TOML file (see tools/studies)." };
        var output = new Option<string>("--out") { Description = "Folder of the sweep (default: eirnn-<plan>)." };
        var workers = Options.OptionalNumber("--workers", "Networks trained at a time (default: the cores over the threads of each).");
        var threads = Options.Threads("Threads of each network; large ones get those of idle workers too.");
        var shard = new Option<string>("--shard") { Description = "Run part i of n only, i from 1: --shard i/n." };
        var memory = Options.Memory("Most memory to use (default: nine tenths of what is free).");
        var every = Options.CheckpointMinutes();
        var track = new Option<string>("--track-spectrum")
        {
            Description = "Also record spectrum, silent units and losses after every epoch, or every 5 epochs (5), in place of the plan's "
                + "track_spectrum.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var keepWeights = new Option<bool>("--keep-weights") { Description = "Record the trained networks too." };
        var retryFailed = new Option<bool>("--retry-failed") { Description = "Run again what failed before." };
        var shuffle = Options.OptionalNumber("--shuffle", "Run in a random order of this seed, instead of longest first.");
        var dryRun = new Option<bool>("--dry-run") { Description = "List the runs with expected time and memory, and run nothing." };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command(Name, "Train the networks of a plan on all cores; given again, the command goes on where it stood.")
        {
            plan, output, workers, threads, shard, memory, every, track, keepWeights, retryFailed, shuffle, dryRun, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(plan)!;
            var options = new SweepOptions
            {
                Workers = parsed.GetValue(workers),
                Threads = parsed.GetValue(threads),
                Shard = parsed.GetValue(shard) is { } text ? Shard.Parse(text) : Shard.Whole,
                MemoryBytes = parsed.GetValue(memory),
                CheckpointInterval = TimeSpan.FromMinutes(parsed.GetValue(every)),
                Tracking = parsed.Given(track) ? SpectrumTracking.Parse(parsed.GetValue(track) ?? "1", track.Name) : null,
                KeepWeights = parsed.GetValue(keepWeights),
                RetryFailed = parsed.GetValue(retryFailed),
                ShuffleSeed = ShuffleSeed(parsed.GetValue(shuffle)),
                Backend = BackendOptions.Of(parsed),
            };
            options.Validate();
            StoreLibrary.Check();
            var read = Interruptible.Run(() => SweepPlan.Read(file), interruption.Asked);
            var asJson = parsed.GetValue(json);
            if (parsed.GetValue(dryRun))
                return Interruptible.Run(
                    () => List(read, options, asJson), interruption.Asked);
            var folder = parsed.GetValue(output) ?? $"eirnn-{Path.GetFileNameWithoutExtension(file)}";
            return Run(read, folder, options, asJson, parsed.GetValue(quiet), interruption);
        });
        return command;
    }

    private static int? ShuffleSeed(int? seed) => seed is null or >= 0 ? seed
        : throw InvalidInputException.Of("--shuffle", seed, $"0 to {int.MaxValue}", "choose another seed");

    private static int Run(SweepPlan plan, string folder, SweepOptions options, bool json, bool quiet, Interruption interruption)
    {
        var backend = options.Backend!;
        var (kernels, solver) = backend;
        var prepared = OutputFolder.Prepare(folder);
        var shard = options.Shard == Shard.Whole ? "" : $", shard {options.Shard}";
        var heading = $"sweep of {Readable.Count(plan.Runs.Count, "run")}{shard}; {BackendOptions.Text(backend)}";
        string[] others = [.. SweepFolder.At(folder).KernelSets().Where(set => set != kernels.Name)];
        if (others.Length > 0 && !quiet)
            StandardStreams.TellLine($"note: the folder holds runs of the kernel set {string.Join(" and ", others)}; "
                + $"those of {kernels.Name} agree with them to rounding only");
        var own = quiet ? [] : Shard.Deal(plan, options.Shard.Count)[options.Shard.Index - 1];
        foreach (var runs in SweepFolder.At(folder).RunsBegunElsewhere(own, kernels.Name))
            StandardStreams.TellLine($"note: {Readable.Count(runs.Count(), "run")} under way {Readable.Are(runs.Count())} "
                + $"of the kernel set {runs.Key} and must begin anew; "
                + $"--kernels {runs.Key} goes on with what is there");
        if (!quiet && SweepFolder.At(folder).Stores().Count > 0 && SweepFolder.At(folder).PlanDiffers(plan))
            StandardStreams.TellLine($"note: {SweepFolder.At(folder).PlanFile} differs from this plan and is replaced; recorded runs stay");
        var display = new SweepDisplay(heading, quiet, interruption);
        interruption.HasSteps = true;
        SweepProgress end;
        try
        {
            end = Sweep.Run(plan, SweepFolder.At(folder), options, display.Show, interruption.Asked, interruption.Urgent);
        }
        catch
        {
            prepared.Withdraw();
            throw;
        }
        finally
        {
            display.End();
        }
        if (end.BesidePlan > 0 && !quiet)
            StandardStreams.TellLine($"note: the folder holds {Readable.Count(end.BesidePlan, "run")} of another plan; report and export "
                + "have them too");
        if (end.DamagedRows > 0 && !quiet)
            StandardStreams.TellLine($"note: took out {Readable.Count(end.DamagedRows, "damaged row")} (no matching checksum) and trained "
                + "again what they held");
        if (end.WithoutAnalyses > 0 && !quiet)
        {
            string[] asked = [.. (options.Tracking ?? plan.Tracking) is null ? Array.Empty<string>() : ["track_spectrum"],
                .. plan.Generalisation is null ? Array.Empty<string>() : ["generalise"]];
            StandardStreams.TellLine($"note: found {Readable.Count(end.WithoutAnalyses, "recorded run")} without the analyses asked for "
                + $"({string.Join(", ", asked)}); analyses are made while a run is trained; another --out trains and analyses all runs");
        }
        if (json)
            StandardStreams.PrintJson(new
            {
                Folder = folder,
                Shard = options.Shard.ToString(),
                end.Total,
                end.Done,
                end.Diverged,
                end.Failed,
                end.Pending,
                end.Recorded,
                end.DamagedRows,
                end.WithoutAnalyses,
                end.BesidePlan,
                Seconds = end.Elapsed.TotalSeconds,
                Version = Backend.EngineVersion,
                KernelSet = kernels.Name,
                Lapack = solver.Name,
            });
        else
            StandardStreams.Print(() => Console.WriteLine(
                $"{folder}: {end.Done} of {end.Total} done, {end.Diverged} diverged, {end.Failed} failed, {end.Pending} pending; "
                + $"{end.Recorded} recorded in {end.Elapsed.TotalSeconds:0.0} s"));
        if (end.Pending > 0)
        {
            StandardStreams.TellLine("eirnn: interrupted; what is recorded stays, and the same command goes on from there");
            return ExitCodes.Interrupted;
        }
        if (end.Failed == 0) return ExitCodes.Done;
        StandardStreams.TellLine($"eirnn: {end.Failed} of {end.Total} runs failed; eirnn status {folder} says why");
        return ExitCodes.FailedComputation;
    }

    /// <summary>
    /// How long runs take on a core with AVX-512 a thread: an even share of them, and no less than the longest, which may use all threads
    /// that it gains by.
    /// </summary>
    internal static double ExpectedSeconds(IReadOnlyList<SweepRun> runs, int workers, int threads = 1, int lane = 16)
    {
        double Shared(int most) => runs.Sum(run => run.Cost / ThreadBudget.For(run.Settings.Units, lane, most));
        var longest = runs.Select(run => run.Cost / ThreadBudget.For(run.Settings.Units, lane, workers * threads));
        return Math.Max(Shared(threads) / workers, longest.DefaultIfEmpty().Max());
    }

    private static int List(SweepPlan plan, SweepOptions options, bool json)
    {
        var runs = Shard.Deal(plan, options.Shard.Count)[options.Shard.Index - 1];
        var kernels = options.Backend!.Kernels;
        var slowness = CostModel.Slowness(kernels);
        (RunSettings? Settings, long Bytes) last = default; // the replicas of a combination follow one another
        long MemoryOf(RunSettings s)
        {
            if (last.Settings is not { } before || CostModel.Needs(before) != CostModel.Needs(s))
                last = (s, CostModel.NeedBytes(s, kernels));
            return last.Bytes;
        }
        var (shared, varied) = SharedAndVaried(runs);
        var (workers, threads) = (options.WorkersFor(plan), options.ThreadsFor(plan));
        var seconds = ExpectedSeconds(runs, workers, threads, kernels.LaneWidth) * slowness;
        var bytes = runs.DistinctBy(run => DataSets.KeyOf(run.Settings)).Sum(run => CostModel.DataSetBytes(run.Settings));
        using var text = new StreamWriter(StandardStreams.OpenOutput(), new UTF8Encoding(false), 1 << 16);
        if (json)
        {
            JsonSerializer.Serialize(text.BaseStream, new
            {
                Total = runs.Count,
                Workers = workers,
                Threads = threads,
                Seconds = seconds,
                DataSetBytes = bytes,
                Settings = shared.ToDictionary(setting => setting.Name, setting => setting.Of(runs[0].Settings)),
                Runs = runs.Select(run => Record(run, varied, run.Cost * slowness, MemoryOf(run.Settings))),
            }, TrainingSummary.Json);
            text.WriteLine();
            return ExitCodes.Done;
        }
        int[] widths = [.. varied.Select(setting => runs.Select(run => Shown(setting, run).Length).Append(setting.Name.Length).Max())];
        var heading = $"{"run",-16} {Columns(i => varied[i].Name)}{"seed",10} {"expected",9} {"memory",9}";
        var isTable = heading.Length <= Terminal.OutputWidth; // else a list, which has no columns
        if (isTable) text.WriteLine(heading);
        foreach (var run in runs)
        {
            var (seed, expected, memory) = (run.Settings.Seed, Readable.Time(run.Cost * slowness), MemoryOf(run.Settings) / 1e6);
            var settings = varied.Where(setting => setting.Of(run.Settings) is not null)
                .Select(setting => $"{setting.Name} {Shown(setting, run)}");
            text.WriteLine(isTable
                ? $"{run.Id,-16} {Columns(i => Shown(varied[i], run))}{seed,10} {expected,9} {memory,6:0.0} MB"
                : Terminal.Wrap($"{run.Id,-16}  ",
                    $"{string.Join(", ", settings)}; seed {seed}, expected {expected}, memory {memory:0.0} MB", Terminal.OutputWidth));
        }
        var inCommon = shared.Where(setting => setting.Of(runs[0].Settings) is not null)
            .Select(setting => $"{setting.Name} {Shown(setting, runs[0])}");
        if (runs.Count > 0) text.WriteLine(Terminal.Wrap("all with ", string.Join(", ", inCommon), Terminal.OutputWidth));
        var each = threads == 1 ? "" : $" of {threads} threads";
        var expectedTime = $"expected time with {Readable.Count(workers, "worker")}{each} {Readable.Time(seconds)}";
        var counted = Readable.Count(runs.Count, "run");
        text.WriteLine(Terminal.Wrap("", $"{counted}; {expectedTime}; data sets {bytes / 1e6:0} MB", Terminal.OutputWidth));
        return ExitCodes.Done;

        string Columns(Func<int, string> of) => string.Concat(varied.Select((_, i) => of(i).PadRight(widths[i]) + " "));
    }

    /// <summary>The settings that all runs share, and those that tell them apart.</summary>
    private static (Setting[] Shared, Setting[] Varied) SharedAndVaried(IReadOnlyList<SweepRun> runs)
    {
        if (runs.Count == 0) return ([], []);
        var same = SettingTable.All.ToLookup(setting =>
            runs.All(run => Equals(setting.Of(run.Settings), setting.Of(runs[0].Settings))));
        return ([.. same[true]], [.. same[false]]);
    }

    private static string Shown(Setting setting, SweepRun run) => SettingText.Of(setting.Of(run.Settings));

    private static Dictionary<string, object?> Record(SweepRun run, Setting[] varied, double seconds, long bytes)
    {
        Dictionary<string, object?> record = new() { ["run_id"] = run.Id };
        foreach (var setting in varied) record[setting.Name] = setting.Of(run.Settings);
        (record["seed"], record["seconds"], record["memory_bytes"]) = (run.Settings.Seed, seconds, bytes);
        return record;
    }
}
