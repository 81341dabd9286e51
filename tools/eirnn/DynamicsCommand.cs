using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Reports;
using EiRnnFast.Settings;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Files;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn dynamics FILE…</c>: what trained networks do while they solve a task.</summary>
internal static class DynamicsCommand
{
    private static readonly DynamicsSettings s_default = new() { Task = TaskCatalog.Get("and") };

    public static Command Create(CancellationToken interruption)
    {
        var files = new Argument<string[]>("FILE") { Description = "Networks (.npz, Keras HDF5); curves of several are also averaged.", Arity = ArgumentArity.OneOrMore };
        var against = new Option<string[]>("--against") { Description = "Networks to set side by side with FILE, such as unconstrained ones.", AllowMultipleArgumentsPerToken = true };
        var ofTask = new SettingOptions(SettingTable.Task, SettingTable.TaskFile, SettingTable.TaskOptions, SettingTable.DataSeed);
        var trials = Options.Number("--trials", "Trials to run.", s_default.Trials);
        var starts = Options.Number("--starts", "States from which fixed points are looked for.", s_default.Starts);
        var further = Options.Number("--further-starts", "Most states to search on from while fixed points are missing; 0 for none.",
            s_default.FixedPoints.FurtherStarts);
        var input = new Option<string>("--input") { Description = "Constant input under which fixed points are looked for, one number per channel, such as 0,1 (default: 0)." };
        var seed = Options.Number("--seed", $"Seed of starts, pushes and draws, 0 to {RunSettings.MaxSeed}.", s_default.Seed);
        var output = new Option<string>("--out") { Description = "Folder for the results (default: eirnn-dynamics-<task>)." };
        var svg = Options.Svg();
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("dynamics", "Show what trained networks do: activity, fixed points, stability, and what damage leaves.")
        {
            files, against, trials, starts, further, input, seed, output, svg, json, quiet,
        };
        ofTask.AddTo(command);
        command.SetAction(parsed =>
        {
            var given = FileTask.Resolve(ofTask.Given(parsed));
            var run = RunSettings.Sketch(given).WithSeed(parsed.GetValue(seed));
            if (run.OwnDataSet) throw Options.NoNetworkSeed();
            var settings = s_default with
            {
                Task = run.Task, DataSeed = run.Training.DataSeed, Trials = parsed.GetValue(trials), Starts = parsed.GetValue(starts),
                    FixedPoints = s_default.FixedPoints with { FurtherStarts = parsed.GetValue(further) }, Seed = parsed.GetValue(seed),
                    Input = Numbers(parsed.GetValue(input)),
            };
            return Run(BackendOptions.Of(parsed), parsed.GetValue(files)!, parsed.GetValue(against) ?? [], settings, parsed.GetValue(output), parsed.GetValue(svg), parsed.GetValue(json), parsed.GetValue(quiet), interruption);
        });
        return command;
    }

    private static int Run(Backend backend, string[] files, string[] against, DynamicsSettings settings, string? folder, bool svg, bool json, bool quiet, CancellationToken interruption)
    {
        DrawingLibrary.Check();
        (string File, bool Against, EiRnn Network)[] networks = [.. files.Select(file => (file, false, NetworkFile.Read(file))), .. against.Select(file => (file, true, NetworkFile.Read(file)))];
        folder ??= $"eirnn-dynamics-{settings.Task.Name}";
        using var prepared = OutputFolder.Claim(folder);
        var display = new DynamicsDisplay(quiet, $"dynamics of {networks.Length} {(networks.Length == 1 ? "network" : "networks")} on {settings.Task.Name}; kernels {backend.Kernels.Name}; LAPACK {backend.Solver.Name}");
        DynamicsRun run;
        try
        {
            run = Interruptible.Run(() => DynamicsRun.Execute(networks, settings, display.Show, backend, interruption), interruption);
            DynamicsFolder.Write(folder, run, DynamicsFigures.Of(run, svg));
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
        if (json) Console.WriteLine(JsonSerializer.Serialize(DynamicsSummary.Of(run), TrainingSummary.Json));
        else StandardStreams.Print(() =>
        {
            foreach (var network in run.Networks) Print(network);
            if (run.Networks.Count > 1) Print(DynamicsGroup.Of(run));
            Console.WriteLine($"files        {folder}{Path.DirectorySeparatorChar}: {string.Join(' ', DynamicsFolder.Names.Concat(DynamicsFigures.Names(svg)))}");
        });
        return ExitCodes.Done;
    }

    private static void Print(NetworkDynamics network)
    {
        var points = network.FixedPoints;
        Console.WriteLine($"{network.File}{(network.Against ? " (against)" : "")}: {network.Network.Units} units, accuracy {network.Accuracy:P0}, loss {network.Loss:0.000e+00}");
        foreach (var population in network.Populations)
            Console.WriteLine($"  {population.Name,-11}{population.Units.Count} units, participation ratio {population.Components.ParticipationRatio:0.00}, first components {string.Join(" ", population.Components.ExplainedVariance.Take(3).Select(part => part.ToString("P0", CultureInfo.InvariantCulture)))}");
        Console.WriteLine($"  units      {network.Activity.SilentUnits.Count()} silent, {network.Activity.SaturatedUnits.Count()} saturated");
        int Fixed(PointStability stability) => points.Fixed.Count(point => point.Stability == stability);
        Console.WriteLine($"  fixed      {Fixed(PointStability.Stable)} stable, {(Fixed(PointStability.Marginal) is > 0 and var marginal ? $"{marginal} marginal, " : "")}{Fixed(PointStability.Unstable)} unstable, " +
            $"{points.Slow.Count} slow points ({points.Starts} + {points.FurtherStarts} starts: {points.EndedFixed} ended fixed, {points.EndedSlow} slow, {points.EndedFast} faster, {points.Unfinished} unfinished)");
        Console.WriteLine($"  index sum  {points.IsIncomplete switch
        {
            false => "+1: a complete list is not excluded",
            true => string.Create(CultureInfo.InvariantCulture, $"{points.IndexSum:+0;-0;0}, of all points it is +1: points are missing"),
            null => "none: a degenerate point has no sign",
        }}");
        var lyapunov = network.Lyapunov;
        Console.WriteLine($"  Lyapunov   {(lyapunov.PerStep[0].Count > 0 ? $"{Text(lyapunov.PerStep[0])} per step" : "")}{(lyapunov.Vanishing[0], lyapunov.PerStep[0].Count) switch
        {
            (0, _) => "",
            (var all, 0) => $"minus infinity in all {all} trials: every deviation vanishes",
            (var some, _) => $"; minus infinity in {some} more trials: every deviation vanishes",
        }} (last input held, {lyapunov.AtRest} of {lyapunov.PerStep[0].Count + lyapunov.Vanishing[0]} trials at rest)");
        Console.WriteLine($"  growth     {(lyapunov.TrialGrowth.Count > 0 ? $"{Text(lyapunov.TrialGrowth)} per step at most, within the trials" : "none: every deviation vanishes within the trials")}");
        Console.WriteLine($"  pushed     distance times {Text(network.Response.Distance[^1])} after {network.Response.Distance.Count - 1} steps");
        if (network.Populations[0].Ablation.LastOrDefault(point => point.Fraction <= 0.1) is { } tenth)
            Console.WriteLine($"  ablation   accuracy {tenth.Accuracy.Average():P0} without {tenth.Removed} units");
    }

    /// <summary>The groups side by side.</summary>
    private static void Print(IReadOnlyList<DynamicsGroup> groups)
    {
        Console.WriteLine($"{"mean ± s.e.m. over networks",-34}{string.Concat(groups.Select(group => $"{$"{(group.Against ? "against" : "main")} (n = {group.Networks})",-22}"))}".TrimEnd());
        foreach (var name in groups.SelectMany(group => group.Measures).Select(measure => measure.Key).Distinct())
        {
            var values = groups.Select(group => group.Measures.Where(measure => measure.Key == name).Select(measure => Text(measure.Value)).DefaultIfEmpty("-").First());
            Console.WriteLine($"  {name.Replace('_', ' '),-32}{string.Concat(values.Select(value => $"{value,-22}"))}".TrimEnd());
        }
    }

    private static string Text(Estimate estimate) =>
        $"{estimate.Mean.ToString("g3", CultureInfo.InvariantCulture)}{(estimate.StandardError is { } error ? $" ± {error.ToString("g2", CultureInfo.InvariantCulture)}" : "")}";

    private static double[] Numbers(string? text) => text is null ? [] : [.. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : throw InvalidInputException.Of("--input", $"'{text.ReplaceLineEndings(" ")}'", "numbers with commas between them, one per input channel", "write it like 0,1"))];
}
