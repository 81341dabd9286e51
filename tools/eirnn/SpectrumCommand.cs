using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EiRnnFast.Files;
using EiRnnFast.Reports;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn spectrum FILE…</c>: eigenvalues of stored networks, matrices and stacks of matrices.</summary>
internal static class SpectrumCommand
{
    /// <summary>Most matrices of a stack that files are written for: two or more pictures each.</summary>
    private const int MostDrawn = 1000;
    private const double MostToDraw = 1e300;

    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(1);

    public static Command Create(CancellationToken interruption)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Networks (.npz, Keras HDF5), square matrices (.npy, [N×N]) or stacks of them (.npy, [n×N×N]).",
            Arity = ArgumentArity.OneOrMore,
        };
        var pseudospectrum = new Option<bool>("--pseudospectrum")
        {
            Description = "Also measure the departure from normality: numerical abscissa, Kreiss bound, largest ‖Wᵏ‖; "
                + "with --out NAME.pseudospectrum.csv and .png.",
        };
        var output = new Option<string>("--out")
        {
            Description = "Also write NAME.spectrum.csv, NAME.spectrum.png and NAME.weights.png for each file into this folder "
                + $"(of a stack NAME.0.spectrum.csv and so on, for up to {MostDrawn} matrices). NAME is the file's name, "
                + $"or for {RunFolder.NetworkName} the name of its folder.",
        };
        var overlay = new Option<bool>("--overlay")
        {
            Description = $"Also draw all spectra, {OverlaidSpectraFigure.Most} at most, into one figure; with --out overlay.png.",
        };
        var bootstrap = Options.OptionalNumber("--bootstrap",
            "Also find the 95 % interval of the fitted edge from this many matrices drawn like it; 400 are enough.");
        bootstrap.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var draws)
                && draws is < EdgeInterval.FewestDraws or > EdgeInterval.MostDraws)
                result.AddError($"--bootstrap: found {draws}, expected {EdgeInterval.FewestDraws} to {EdgeInterval.MostDraws} draws; "
                    + "give some hundreds");
        });
        var eigenvectors = new Option<bool>("--eigenvectors")
        {
            Description = "Also measure the eigenvectors: overlaps, participation, share of excitatory units, input and readout; "
                + "with --out NAME.modes.csv.",
        };
        var initial = new Option<string>("--initial")
        {
            Description = "The initial network (initial.npz) of one trained network: also measure what training has added.",
        };
        var threads = Options.Threads();
        var svg = Options.Svg();
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("spectrum", "Show the spectrum of stored networks or matrices.")
        {
            files, pseudospectrum, bootstrap, eigenvectors, initial, output, overlay, threads, svg, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(output);
            if (parsed.GetValue(svg) && folder is null)
                throw InvalidInputException.Of("spectrum", "--svg without --out", "the folder to draw into", "add --out DIR");
            if (parsed.GetValue(overlay) && folder is null)
                throw InvalidInputException.Of("spectrum", "--overlay without --out", "the folder to draw into", "add --out DIR");
            var backend = BackendOptions.Of(parsed) with { Threads = parsed.GetValue(threads) };
            if (folder is not null) DrawingLibrary.Check();
            var prepared = folder is null ? null : OutputFolder.Prepare(folder);
            var line = new ProgressLine(parsed.GetValue(quiet));
            Analysis[] all;
            (Analysis One, string Name)[] named = [];
            try
            {
                // All files are read and solved before anything is printed or written: one bad file, and nothing is half-done.
                var asked = new Asked(backend, parsed.GetValue(pseudospectrum), folder is not null, line, interruption)
                {
                    Bootstrap = parsed.GetValue(bootstrap), Eigenvectors = parsed.GetValue(eigenvectors),
                    Initial = parsed.GetValue(initial),
                };
                if (asked.Initial is not null && parsed.GetValue(files)!.Length != 1)
                    throw InvalidInputException.Of("spectrum", $"{parsed.GetValue(files)!.Length} files with --initial",
                        "one trained network", "give one file at a time");
                all = Interruptible.Run(() => parsed.GetValue(files)!.SelectMany(file => Of(file, asked)).ToArray(), interruption);
                if (parsed.GetValue(overlay) && all.Length > OverlaidSpectraFigure.Most)
                    throw InvalidInputException.Of("spectrum", $"{all.Length} matrices with --overlay",
                        $"at most {OverlaidSpectraFigure.Most}, which colours and markers tell apart", "give fewer, or no --overlay");
                if (folder is not null) named = Named(all);
            }
            catch
            {
                prepared?.Withdraw();
                throw;
            }
            finally
            {
                line.End();
            }
            foreach (var (one, name) in named) Write(folder!, name, one, parsed.GetValue(svg));
            if (parsed.GetValue(overlay))
                Draw(Path.Combine(folder!, "overlay"), OverlaidSpectraFigure.Of(
                    [.. named.Select(one => (one.Name, one.One.Spectrum.Eigenvalues))], "Spectra"), parsed.GetValue(svg));
            if (parsed.GetValue(json))
            {
                var records = all.Select(one => new FileSpectrumRecord(one.File, one.Spectrum, one.Weights, one.NonNormality)
                {
                    Cell = one.Cell, Index = one.Index, Projected = one.Projected is { } projected ? new SpectrumRecord(projected) : null,
                    EdgeInterval = one.EdgeInterval, Modes = one.Modes, Learned = one.Learned,
                });
                if (all.Length > 1) StandardStreams.StreamJson(new { files = records });
                else StandardStreams.PrintJson(new { files = records });
                return ExitCodes.Done;
            }
            foreach (var one in all)
            {
                var index = one.Index is { } number ? $"[{number}]" : "";
                Console.WriteLine($"{one.File}{index}: {one.Spectrum.Units} units{CellText(one)}, LAPACK {one.Spectrum.Lapack}");
                SpectrumText.Write("spectrum", one.Spectrum);
                if (one.EdgeInterval is { } interval) SpectrumText.Write(interval);
                if (one.Projected is { } projected) SpectrumText.Write("projected", projected);
                SpectrumText.Write(one.Weights);
                if (one.NonNormality is { } nonNormality) SpectrumText.Write(nonNormality);
                if (one.Modes is { } modes) SpectrumText.Write(modes);
                if (one.Learned is { } learned) SpectrumText.Write(learned);
            }
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What the command line asks for.</summary>
    private sealed record Asked(Backend Backend, bool NonNormality, bool Files, ProgressLine Line, CancellationToken Interruption)
    {
        public int? Bootstrap { get; init; }

        public bool Eigenvectors { get; init; }

        public string? Initial { get; init; }
    }

    /// <summary>What is found of one matrix, and how to read that matrix again.</summary>
    private sealed record Analysis(string File, int? Index, LoadedMatrix? Loaded, Func<double[]> Values, Spectrum Spectrum)
    {
        /// <summary>Found again each time: histograms would take more than the matrices of a stack.</summary>
        public WeightStatistics Weights => WeightStatistics.Of(Values());

        /// <summary>After the projection of the network's sign constraint; null where that changes nothing.</summary>
        public Spectrum? Projected { get; init; }

        public NonNormality? NonNormality { get; init; }

        public EdgeInterval? EdgeInterval { get; init; }

        public IReadOnlyList<ModeRecord>? Modes { get; init; }

        public LearnedPartRecord? Learned { get; init; }

        public Pseudospectrum? Grid { get; init; }

        public CellRecord? Cell => Loaded?.Network is { } network ? new CellRecord(network.Spec.Cell) : null;
    }

    /// <summary>A cell other than the published one.</summary>
    private static string CellText(Analysis one) =>
        one.Loaded?.Network is { Spec.Cell.IsPublished: false } ? $", {one.Cell!.ToText()}" : "";

    /// <summary>All, each with the beginning of its files' names; refuses what no figure can show.</summary>
    private static (Analysis, string)[] Named(Analysis[] all)
    {
        foreach (var one in all)
            foreach (var value in one.Values())
                if (Math.Abs(value) > MostToDraw)
                    throw InvalidInputException.Of(one.File, $"a weight of {value:0.###e0}", $"at most {MostToDraw:0e0} with --out",
                        "scale the matrix down, or take --json instead");
        return [.. all.Zip(ResultNames.Of([.. all.Select(one => (one.File, one.Index))]))];
    }

    private static Analysis[] Of(string file, Asked asked)
    {
        if (StackedMatrices.TryRead(file) is { } stack)
            return asked.Initial is null
                ? OfStack(file, stack, asked)
                : throw InvalidInputException.Of(file.ReplaceLineEndings(" "), "a stack with --initial", "a trained network",
                    "give network.npz of a training");
        var matrix = NetworkFile.ReadRecurrent(file);
        var theory = matrix.Spec is null ? null : RandomMatrixTheory.Of(matrix.Spec);
        var spectrum = Spectrum.Of(matrix.Values, matrix.Units, theory, asked.Backend.Solver);
        var projected = matrix.Spec is null ? null : Spectrum.OfProjected(matrix.Values, matrix.Spec, asked.Backend.Solver);
        var one = new Analysis(file, null, matrix, () => matrix.Values, spectrum) { Projected = projected };
        return [WithMore(asked.Initial is null ? one : one with { Learned = LearnedIn(one, asked) }, asked)];
    }

    private static LearnedPartRecord LearnedIn(Analysis one, Asked asked)
    {
        if (one.Loaded?.Network is not { } network)
            throw InvalidInputException.Of(one.File.ReplaceLineEndings(" "), "a matrix with --initial", "a trained network",
                "give network.npz of a training");
        var initial = NetworkFile.Read(asked.Initial!);
        LearnedPart.RequireOneTraining(network, initial, asked.Initial!.ReplaceLineEndings(" "));
        return new LearnedPartRecord(asked.Initial!, LearnedPart.Of(network, initial, asked.Backend.Solver, asked.Interruption));
    }

    private static Analysis[] OfStack(string file, StackedMatrices stack, Asked asked)
    {
        if (asked.Files && stack.Count > MostDrawn)
            throw InvalidInputException.Of(file, $"a stack of {stack.Count} matrices", $"at most {MostDrawn} with --out",
                "take --json instead, or a part of the stack");
        var clock = Stopwatch.StartNew();
        Spectrum[] spectra;
        try
        {
            spectra = Spectrum.OfMany(stack.Count, i => stack[i], stack.Units, asked.Backend.Solver, asked.Backend.Threads,
                done => Show("spectra", done), asked.Interruption);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{file}: {e.Message}", e);
        }
        var all = new Analysis[stack.Count];
        for (var i = 0; i < all.Length; i++)
        {
            var index = i;
            all[i] = new Analysis(file, i, null, () => stack[index], spectra[i]);
            all[i] = WithMore(all[i], asked);
            Show("matrices measured", i + 1);
        }
        return all;

        void Show(string what, int done)
        {
            if (asked.Line.Live && clock.Elapsed > s_long && asked.Line.IsDue(milestone: false))
                asked.Line.Show($"{file}: {what} {done}/{stack.Count}");
        }
    }

    /// <summary>What is measured only if it is asked for.</summary>
    private static Analysis WithMore(Analysis one, Asked asked)
    {
        var (solver, threads, n) = (asked.Backend.Solver, asked.Backend.Threads, one.Spectrum.Units);
        if (asked.NonNormality) one = WithNonNormality(one, asked);
        if (asked.Bootstrap is { } draws)
            one = one with
            {
                EdgeInterval = EdgeInterval.Of(one.Values(), n, draws, solver: solver, threads: threads,
                    cancellation: asked.Interruption, progress: done =>
                    {
                        if (asked.Line.Live && asked.Line.IsDue(milestone: false)) asked.Line.Show($"{one.File}: draws {done}/{draws}");
                    }),
            };
        if (asked.Eigenvectors)
            one = one with
            {
                Modes = ModeRecord.Of(one.Spectrum,
                    Eigenvectors.Of(one.Values(), one.Spectrum.Eigenvalues, solver, asked.Interruption), one.Loaded?.Network),
            };
        return one;
    }

    private static Analysis WithNonNormality(Analysis one, Asked asked)
    {
        try
        {
            var (solver, threads) = (asked.Backend.Solver, asked.Backend.Threads);
            var found = NonNormality.Of(one.Values(), one.Spectrum.Units, solver, threads, asked.Interruption);
            return one with
            {
                NonNormality = found,
                Grid = asked.Files ? Pseudospectrum.Of(found.Schur, threads: threads, cancellation: asked.Interruption) : null,
            };
        }
        catch (InvalidInputException e)
        {
            var index = one.Index is { } number ? $"matrix {number} of the stack: " : "";
            throw new InvalidInputException($"{one.File.ReplaceLineEndings(" ")}: {index}{e.Message}", e);
        }
    }

    private static void Write(string folder, string name, Analysis one, bool svg)
    {
        var stem = Path.Combine(folder, name);
        AtomicFile.WriteText(stem + ".spectrum.csv", RunFolder.SpectrumCsv(null, one.Spectrum));
        Drawn("spectrum", SpectrumFigure.Of(RunFigures.Panel(one.Spectrum, one.Projected, name), null, $"{one.Spectrum.Units} units"));
        Drawn("weights", one.Loaded?.Network is { } network
            ? WeightsFigure.Of(network, name)
            : WeightsFigure.Of(one.Values(), one.Spectrum.Units, name));
        if (one.Modes is { } modes) AtomicFile.WriteText(stem + ".modes.csv", ModeRecord.Csv(modes));
        if (one.Grid is not { } grid) return;
        AtomicFile.WriteText(stem + ".pseudospectrum.csv", RunFolder.PseudospectrumCsv(grid));
        var rates = one.NonNormality?.SymmetricEigenvalues;
        Drawn("pseudospectrum", PseudospectrumFigure.Of(grid, one.Spectrum.Eigenvalues, name, symmetric: rates));

        void Drawn(string what, Figure figure) => Draw($"{stem}.{what}", figure, svg);
    }

    private static void Draw(string stem, Figure figure, bool svg)
    {
        figure.Write(stem + ".png");
        if (svg) figure.Write(stem + ".svg");
    }
}
