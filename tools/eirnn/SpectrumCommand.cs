using System.CommandLine;
using EiRnnFast.Files;
using EiRnnFast.Reports;
using EiRnnFast.Reports.Figures;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn spectrum FILE…</c>: eigenvalues of stored networks.</summary>
internal static class SpectrumCommand
{
    public static Command Create(CancellationToken interruption)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Networks (.npz, Keras HDF5) or square matrices (.npy).",
            Arity = ArgumentArity.OneOrMore,
        };
        var pseudospectrum = new Option<bool>("--pseudospectrum")
        {
            Description = "Also measure the departure from normality: numerical abscissa, Kreiss bound, largest ‖Wᵏ‖; "
                + "with --out NAME.pseudospectrum.csv and .png.",
        };
        var output = new Option<string>("--out")
        {
            Description = "Also write NAME.spectrum.csv, NAME.spectrum.png and NAME.weights.png for each file into this folder.",
        };
        var svg = Options.Svg();
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("spectrum", "Show the spectrum of stored networks or matrices.")
        {
            files, pseudospectrum, output, svg, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(output);
            if (parsed.GetValue(svg) && folder is null)
                throw InvalidInputException.Of("spectrum", "--svg without --out", "the folder to draw into", "add --out DIR");
            var solver = BackendOptions.Of(parsed).Solver;
            if (folder is not null) DrawingLibrary.Check();
            var prepared = folder is null ? null : OutputFolder.Prepare(folder);
            Analysis[] all;
            try
            {
                // All files are read and solved before anything is printed or written: one bad file, and nothing is half-done.
                var (growth, grid) = (parsed.GetValue(pseudospectrum), folder is not null);
                all = Interruptible.Run(
                    () => parsed.GetValue(files)!.Select(file => Of(file, solver, growth, grid, interruption)).ToArray(), interruption);
            }
            catch
            {
                prepared?.Withdraw();
                throw;
            }
            if (folder is not null)
                for (var i = 0; i < all.Length; i++)
                {
                    var name = Path.GetFileName(all[i].File);
                    var isShared = all.Count(other => Path.GetFileName(other.File) == name) > 1; // run1/network.npz run2/network.npz
                    if (isShared) name = $"{i + 1}-{name}";
                    Write(folder, name, all[i], parsed.GetValue(svg));
                }
            if (parsed.GetValue(json))
            {
                var records = all.Select(one => new FileSpectrumRecord(one.File, one.Spectrum, one.Weights, one.NonNormality)
                {
                    Cell = one.Cell,
                });
                StandardStreams.PrintJson(new { files = records });
                return ExitCodes.Done;
            }
            foreach (var one in all)
            {
                Console.WriteLine($"{one.File}: {one.Spectrum.Units} units{CellText(one)}, LAPACK {one.Spectrum.Lapack}");
                SpectrumText.Write("spectrum", one.Spectrum);
                SpectrumText.Write(one.Weights);
                if (one.NonNormality is { } nonNormality) SpectrumText.Write(nonNormality);
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private sealed record Analysis(
        string File, LoadedMatrix Matrix, Spectrum Spectrum, WeightStatistics Weights, NonNormality? NonNormality, Pseudospectrum? Grid)
    {
        public CellRecord? Cell => Matrix.Network is { } network ? new CellRecord(network.Spec.Cell) : null;
    }

    /// <summary>A cell other than the published one.</summary>
    private static string CellText(Analysis one) => one.Matrix.Network is { Spec.Cell.IsPublished: false } ? $", {one.Cell!.ToText()}" : "";

    private static Analysis Of(string file, EigenSolver solver, bool pseudospectrum, bool grid, CancellationToken interruption)
    {
        var matrix = NetworkFile.ReadRecurrent(file);
        var theory = matrix.Spec is null ? null : RandomMatrixTheory.Of(matrix.Spec);
        var spectrum = Spectrum.Of(matrix.Values, matrix.Units, theory, solver);
        NonNormality? nonNormality = null;
        try
        {
            if (pseudospectrum) nonNormality = NonNormality.Of(matrix.Values, matrix.Units, solver, interruption);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"{file.ReplaceLineEndings(" ")}: {e.Message}", e);
        }
        return new Analysis(file, matrix, spectrum, WeightStatistics.Of(matrix.Values), nonNormality,
            nonNormality is null || !grid ? null : Pseudospectrum.Of(nonNormality.Schur, cancellation: interruption));
    }

    private static void Write(string folder, string name, Analysis one, bool svg)
    {
        var stem = Path.Combine(folder, name);
        AtomicFile.WriteText(stem + ".spectrum.csv", RunFolder.SpectrumCsv(null, one.Spectrum));
        Draw("spectrum", SpectrumFigure.Of(RunFigures.Panel(one.Spectrum, name), null, $"{one.Spectrum.Units} units"));
        Draw("weights", one.Matrix.Network is { } network
            ? WeightsFigure.Of(network, name)
            : WeightsFigure.Of(one.Matrix.Values, one.Matrix.Units, name));
        if (one.Grid is not { } grid) return;
        AtomicFile.WriteText(stem + ".pseudospectrum.csv", RunFolder.PseudospectrumCsv(grid));
        var rates = one.NonNormality?.SymmetricEigenvalues;
        Draw("pseudospectrum", PseudospectrumFigure.Of(grid, one.Spectrum.Eigenvalues, name, symmetric: rates));

        void Draw(string what, Figure figure)
        {
            figure.Write($"{stem}.{what}.png");
            if (svg) figure.Write($"{stem}.{what}.svg");
        }
    }
}
