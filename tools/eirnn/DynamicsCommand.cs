using System.CommandLine;
using System.Globalization;
using EiRnnFast.Dynamics;
using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Reports;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tasks;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn dynamics FILE…</c>: what trained networks do while they solve a task.</summary>
internal static class DynamicsCommand
{
    private const int MostShown = 5;

    private static readonly DynamicsSettings s_default = new() { Task = TaskCatalog.Get("and") };

    public static Command Create(CancellationToken interruption)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Networks (.npz, Keras HDF5); curves of several are also averaged.",
            Arity = ArgumentArity.OneOrMore,
        };
        var against = new Option<string[]>("--against")
        {
            Description = "Networks to set side by side with FILE, such as unconstrained ones.",
            AllowMultipleArgumentsPerToken = true,
        };
        var ofTask = SettingOptions.OfTask("that of the network, else and");
        var trials = Options.Number("--trials", "Trials to run.", s_default.Trials);
        var starts = Options.Number("--starts", "States from which fixed points are looked for.", s_default.Starts);
        var further = Options.Number(
            "--further-starts", "Most states to search on from while fixed points are missing; 0 for none.",
            s_default.FixedPoints.FurtherStarts);
        var input = new Option<string>("--input")
        {
            Description = "Constant input under which fixed points are looked for, one number per channel, such as 0,1 (default: 0).",
        };
        var jacobianSteps = Options.Number("--jacobian-steps", "Steps of each trial whose Jacobians are looked at; 0 for none.",
            s_default.JacobianSteps);
        var jacobianTrials = Options.Number("--jacobian-trials", "Trials whose Jacobians are looked at.", s_default.JacobianTrials);
        var bifurcation = BifurcationOption.Create();
        var noise = new Option<bool>("--noise")
        {
            Description = "Run trials with the networks' own noise (noise_rec). Fixed points and exponents stay without noise.",
        };
        var seed = Options.Number("--seed", $"Seed of starts, pushes, draws and noise, 0 to {RunSettings.MaxSeed}.", s_default.Seed);
        var output = new Option<string>("--out") { Description = "Folder for the results (default: eirnn-dynamics-<task>)." };
        var states = new Option<bool>("--states")
        {
            Description = "Also write inputs, states and outputs of the trials: states-1.npz of the first network, and so on.",
        };
        var compare = new Option<bool>("--compare")
        {
            Description = "Also compare two or more networks: distances.csv, alignments.csv, distances.png, and similarity in "
                + "dynamics.json.",
        };
        var draws = Options.Number("--ablation-draws", "Draws for each number of units removed.", s_default.Draws);
        var single = new Option<bool>("--single-units")
        {
            Description = $"Also remove every unit alone: {DynamicsFolder.SingleUnitsName}.",
        };
        var learned = LearnedOption.Create();
        var initial = LearnedOption.CreateInitial();
        var threads = Options.Threads();
        var svg = Options.Svg();
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("dynamics", "Show what trained networks do: activity, fixed points, stability, and what damage leaves.")
        {
            files, against, trials, starts, further, input, jacobianSteps, jacobianTrials, bifurcation,
            noise, seed, output, states, draws, single, learned, initial, compare, threads, svg, json, quiet,
        };
        ofTask.AddTo(command);
        command.SetAction(parsed =>
        {
            var backend = BackendOptions.Of(parsed);
            string[] networks = [.. parsed.GetValue(files)!, .. parsed.GetValue(against) ?? []];
            var given = SettingFiles.Resolve(RecordedTask.SettingsOfAll(networks, ofTask.Given(parsed)));
            var run = RunSettings.Sketch(given).WithSeed(parsed.GetValue(seed));
            if (run.OwnDataSet) throw Options.NoNetworkSeed();
            var settings = s_default with
            {
                Task = run.Task,
                DataSeed = run.Training.DataSeed,
                Trials = parsed.GetValue(trials),
                Starts = parsed.GetValue(starts),
                FixedPoints = s_default.FixedPoints with { FurtherStarts = parsed.GetValue(further) },
                Seed = Options.Checked(parsed.GetValue(seed)),
                Input = Numbers(parsed.GetValue(input)),
                JacobianSteps = parsed.GetValue(jacobianSteps),
                JacobianTrials = parsed.GetValue(jacobianTrials),
                Bifurcation = BifurcationOption.Of(parsed.GetValue(bifurcation)),
                Noise = parsed.GetValue(noise),
                Compare = parsed.GetValue(compare),
                Draws = parsed.GetValue(draws),
                SingleUnits = parsed.GetValue(single),
            };
            return Run(new Request
            {
                Settings = settings,
                Learned = parsed.GetValue(learned),
                Initial = parsed.GetValue(initial) ?? [],
                Backend = backend with { Threads = parsed.GetValue(threads) },
                Files = parsed.GetValue(files)!,
                Against = parsed.GetValue(against) ?? [],
                Folder = parsed.GetValue(output) ?? $"eirnn-dynamics-{run.Task.Name}",
                States = parsed.GetValue(states),
                Svg = parsed.GetValue(svg),
                Json = parsed.GetValue(json),
                Quiet = parsed.GetValue(quiet),
            }, interruption);
        });
        return command;
    }

    /// <summary>What the command line asks for.</summary>
    private sealed record Request
    {
        public required DynamicsSettings Settings { get; init; }
        public required Backend Backend { get; init; }
        public required string[] Files { get; init; }
        public required string[] Against { get; init; }
        public required bool Learned { get; init; }
        public required string[] Initial { get; init; }
        public required string Folder { get; init; }
        public required bool States { get; init; }
        public required bool Svg { get; init; }
        public required bool Json { get; init; }
        public required bool Quiet { get; init; }
    }

    private static int Run(Request request, CancellationToken interruption)
    {
        var (settings, backend, folder) = (request.Settings, request.Backend, request.Folder);
        DrawingLibrary.Check();
        (string File, bool Against, EiRnn Network)[] networks =
        [
            .. request.Files.Select(file => (file, false, NetworkFile.Read(file))),
            .. request.Against.Select(file => (file, true, NetworkFile.Read(file))),
        ];
        settings = settings with { Initial = LearnedOption.Of(request.Learned, request.Initial, networks) };
        DynamicsFolder.RequireOwn(folder, DynamicsFigures.Every, [.. request.Files, .. request.Against, .. request.Initial,
            .. settings.Task.SourceFile is { } source ? [source] : Array.Empty<string>()]);
        using var prepared = OutputFolder.Claim(folder);
        var count = Readable.Count(networks.Length, "network");
        var display = new DynamicsDisplay(request.Quiet, $"dynamics of {count} on {settings.Task.Name}; {BackendOptions.Text(backend)}");
        DynamicsRun run;
        try
        {
            run = Interruptible.Run(() => DynamicsRun.Execute(networks, settings, display.Show, backend, interruption), interruption);
            DynamicsFolder.Write(folder, run, DynamicsFigures.Of(run, request.Svg), request.States);
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
        if (request.Json) StandardStreams.PrintJson(DynamicsSummary.Of(run));
        else StandardStreams.Print(() =>
        {
            foreach (var network in run.Networks) Print(network);
            if (run.Networks.Count > 1) Print(DynamicsGroup.Of(run));
            foreach (var line in DynamicsComparisonText.Lines(run)) Console.WriteLine(line);
            if (run.Similarity is { } similarity) SimilarityText.Print(similarity);
            string[] table =
            [
                .. settings.SingleUnits ? [DynamicsFolder.SingleUnitsName] : Array.Empty<string>(),
                .. settings.Initial is null ? Array.Empty<string>() : [DynamicsFolder.LearnedName],
                .. run.Similarity is null ? Array.Empty<string>() : [DynamicsFolder.DistancesName, DynamicsFolder.AlignmentsName],
                .. settings.Bifurcation is null ? [] : BifurcationSummary.Names,
            ];
            var files = DynamicsFolder.Names.Concat(table).Concat(DynamicsFolder.StatesNames(request.States ? run.Networks.Count : 0))
                .Concat(DynamicsFigures.Names(request.Svg, settings.Bifurcation is not null, run.Similarity is not null,
                    settings.Initial is not null));
            Console.WriteLine($"files        {folder}{Path.DirectorySeparatorChar}: {string.Join(' ', files)}");
        });
        return ExitCodes.Done;
    }

    private static void Print(NetworkDynamics network)
    {
        var against = network.Against ? " (against)" : "";
        Console.WriteLine($"{network.File}{against}: {network.Network.Units} units, "
            + $"accuracy {network.Accuracy:P0}, loss {network.Loss:0.000e+00}");
        foreach (var population in network.Populations)
        {
            var parts = population.Components.ExplainedVariance.Take(3).Select(part => $"{part:P0}");
            Console.WriteLine($"  {population.Name,-11}{Readable.Count(population.Units.Count, "unit")}, "
                + $"participation ratio {population.Components.ParticipationRatio:0.00}, first components {string.Join(" ", parts)}");
        }
        if (network.OutlierActivity is { } outliers)
            Console.WriteLine($"  outliers   patterns, {Readable.Count(outliers.Patterns.Dimension, "dimension")}, hold "
                + $"{outliers.Patterns.Variance:P0} of the variance "
                + $"(random directions {(double)outliers.Patterns.Dimension / network.Network.Units:P0}), "
                + $"sensitivities {outliers.Sensitivities.Variance:P0}");
        var activity = network.Activity;
        var saturated = activity.SaturatedUnits is { } units ? $"{units.Count()} saturated" : "saturation not available (no upper bound)";
        Console.WriteLine($"  units      {activity.SilentUnits.Count()} silent, {saturated}");
        Print(network.FixedPoints);
        if (network.Curves is { } curves) BifurcationOption.Print(curves);
        if (network.Jacobians is { All.Count: > 0 } jacobians) Print(jacobians);
        Print(network.Lyapunov);
        var distance = network.Response.Distance;
        Console.WriteLine($"  pushed     distance times {Text(distance[^1])} after {Readable.Count(distance.Count - 1, "step")}");
        if (network.Populations[0].Ablation.LastOrDefault(point => point.Fraction <= 0.1) is { } tenth)
            Console.WriteLine($"  ablation   accuracy {tenth.Accuracy.Average():P0} without {Readable.Count(tenth.Removed, "unit")}");
        if (network.Learned is { } truncations) LearnedOption.Print(truncations);
        if (network.SingleUnits is { } all)
            foreach (var (i, one) in all.OrderByDescending(one => one.Loss).Take(MostShown).Index())
            {
                var sign = one.Sign > 0 ? ", excitatory" : one.Sign < 0 ? ", inhibitory" : "";
                Console.WriteLine($"  {(i == 0 ? "alone" : ""),-11}without unit {one.Unit}{sign}: "
                    + $"accuracy {one.Accuracy:P0}, loss {one.Loss:0.000e+00}");
            }
    }

    private static void Print(FixedPoints points)
    {
        int Fixed(PointStability stability) => points.Fixed.Count(point => point.Stability == stability);
        var marginal = Fixed(PointStability.Marginal) is > 0 and var count ? $"{count} marginal, " : "";
        Console.WriteLine($"  fixed      {Fixed(PointStability.Stable)} stable, {marginal}{Fixed(PointStability.Unstable)} unstable, "
            + $"{Readable.Count(points.Slow.Count, "slow point")} ({points.Starts} + {points.FurtherStarts} starts: "
            + $"{points.EndedFixed} ended fixed, "
            + $"{points.EndedSlow} slow, {points.EndedFast} faster, {points.Unfinished} unfinished)");
        var indexSum = points.IsIncomplete switch
        {
            false => "+1: a complete list is not excluded",
            true => $"{points.IndexSum:+0;-0;0}, of all points it is +1: points are missing",
            null when !points.HasIndexSum => "not available: rates have no bounds, so nothing is known of a complete list",
            null => "none: a degenerate point has no sign",
        };
        Console.WriteLine($"  index sum  {indexSum}");
        if (points.Fixed is [{ Theory: { } disc }, ..])
            Console.WriteLine($"  Jacobian   of the first fixed point: spectral radius {points.Fixed[0].SpectralRadius:g3}; "
                + $"theory (independent weights): a disc of radius {disc.Radius:g3} about {disc.Centre:g3}");
    }

    private static void Print(TrialJacobians jacobians)
    {
        var edge = jacobians.Mean(one => one.Spectrum.Edge) is { } own
            ? $", edge {own:g3} about {jacobians.All[0].Spectrum.Theory!.Centre:g3}" : "";
        Console.WriteLine($"  along      {Readable.Count(jacobians.Trials, "trial")}: spectral radius of the Jacobian "
            + $"{jacobians.Mean(one => one.Spectrum.SpectralRadius):g3}{edge}; theory reaches "
            + $"{jacobians.Mean(one => one.Spectrum.TheoryReach):g3}, {jacobians.Mean(one => one.Spectrum.FractionInside):P0} inside; "
            + $"input gain {jacobians.Mean(one => one.InputGains[0]):g3}");
    }

    private static void Print(LyapunovExponents lyapunov)
    {
        var (largest, vanishing) = (lyapunov.PerStep[0], lyapunov.Vanishing[0]);
        var escaped = lyapunov.Escaping > 0 ? $", {lyapunov.Escaping} growing without bound" : "";
        var exponent = largest.Count > 0 ? $"{Text(largest)} per step" : vanishing == 0 ? "none: no trial stays finite" : "";
        var vanished = (vanishing, largest.Count) switch
        {
            (0, _) => "",
            (1, 0) => "minus infinity in the one trial: every deviation vanishes",
            (_, 0) => $"minus infinity in all {vanishing} trials: every deviation vanishes",
            _ => $"; minus infinity in {Readable.Count(vanishing, "more trial")}: every deviation vanishes",
        };
        Console.WriteLine($"  Lyapunov   {exponent}{vanished} "
            + $"(last input held, {lyapunov.AtRest} of {largest.Count + vanishing + lyapunov.Escaping} trials at rest{escaped})");
        var growth = lyapunov.TrialGrowth.Count > 0
            ? $"{Text(lyapunov.TrialGrowth)} per step at most, within the trials"
            : "none: every deviation vanishes within the trials";
        Console.WriteLine($"  growth     {growth}");
    }

    /// <summary>The groups side by side.</summary>
    private static void Print(IReadOnlyList<DynamicsGroup> groups)
    {
        var titles = groups.Select(group => $"{(group.Against ? "against" : "main")} (n = {group.Networks})");
        Console.WriteLine(Row($"{"mean ± s.e.m. over networks",-36}", titles));
        foreach (var name in groups.SelectMany(group => group.Measures).Select(measure => measure.Key).Distinct())
        {
            var values = groups.Select(group => group.Measures
                .Where(measure => measure.Key == name)
                .Select(measure => measure.Value.Count == group.Networks ? Text(measure.Value)
                    : $"{Text(measure.Value)} (n = {measure.Value.Count})").DefaultIfEmpty("-").First());
            Console.WriteLine(Row($"  {name.Replace('_', ' '),-34}", values));
        }
    }

    private static string Row(string title, IEnumerable<string> cells) =>
        $"{title}{string.Concat(cells.Select(cell => $"{cell,-27}"))}".TrimEnd();

    private static string Text(Estimate estimate)
    {
        var error = estimate.StandardError is { } known ? $" ± {known:g2}" : "";
        return $"{estimate.Mean:g3}{error}";
    }

    private static double[] Numbers(string? text) => text is null ? [] :
    [
        .. text.Split(',').Select(part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw InvalidInputException.Of("--input", $"'{text.ReplaceLineEndings(" ")}'",
                    "numbers with commas between them, one per input channel", "write it like 0,1")),
    ];
}
