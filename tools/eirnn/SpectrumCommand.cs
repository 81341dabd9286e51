using System.CommandLine;
using System.Text.Json;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Figures;
using EiRnnFast.Studies.Files;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn spectrum FILE…</c>: eigenvalues of stored networks.</summary>
internal static class SpectrumCommand
{
    public static Command Create(CancellationToken interruption)
    {
        var files = new Argument<string[]>("FILE") { Description = "Networks (.npz, Keras HDF5) or square matrices (.npy).", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Also write NAME.spectrum.csv and NAME.spectrum.png for each file into this folder." };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("spectrum", "Show the spectrum of stored networks or matrices.") { files, output, json, quiet };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(output);
            var prepared = folder is null ? null : OutputFolder.Prepare(folder);
            (string File, Spectrum Spectrum)[] all;
            try
            {
                // All files are read and solved before anything is printed or written: one bad file, and nothing is half-done.
                all = Interruptible.Run(() => parsed.GetValue(files)!.Select(file => (file, Of(file))).ToArray(), interruption);
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
                    if (all.Count(other => Path.GetFileName(other.File) == name) > 1) name = $"{i + 1}-{name}"; // run1/network.npz run2/network.npz
                    Write(folder, name, all[i].Spectrum);
                }
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { files = all.Select(one => new FileSpectrumRecord(one.File, one.Spectrum)) }, TrainingSummary.Json));
                return ExitCodes.Done;
            }
            foreach (var (file, spectrum) in all)
            {
                Console.WriteLine($"{file}: {spectrum.Units} units, LAPACK {spectrum.Lapack}");
                SpectrumText.Write("spectrum", spectrum);
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static Spectrum Of(string file)
    {
        var matrix = NetworkFile.ReadRecurrent(file);
        return Spectrum.Of(matrix.Values, matrix.Units, matrix.Spec is null ? null : RandomMatrixTheory.Of(matrix.Spec));
    }

    private static void Write(string folder, string name, Spectrum spectrum)
    {
        var stem = Path.Combine(folder, name);
        AtomicFile.WriteText(stem + ".spectrum.csv", RunFolder.SpectrumCsv(null, spectrum));
        var png = SpectrumFigure.Png(RunFolder.Panel(spectrum, name), null, $"{spectrum.Units} units");
        AtomicFile.Write(stem + ".spectrum.png", stream => stream.Write(png));
    }
}
