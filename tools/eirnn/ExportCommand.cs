using System.CommandLine;
using System.Diagnostics;
using System.Text;
using EiRnnFast.Files;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn export DIR</c>: a sweep as a table, or one of its networks.</summary>
internal static class ExportCommand
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of the sweep." };
        var parquet = new Option<string>("--parquet") { Description = "Write the table as Apache Parquet." };
        var csv = new Option<string>("--csv")
        {
            Description = "Write the table as CSV, to standard output without FILE.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var eigenvalues = new Option<bool>("--eigenvalues")
        {
            Description = "One row an eigenvalue (run_id, stage, rank, re, im) instead of one row a run.",
        };
        var losses = new Option<bool>("--losses")
        {
            Description = "One row an epoch (run_id, epoch, loss, gradient_norm) instead of one row a run.",
        };
        var epochs = new Option<bool>("--epochs")
        {
            Description = "One row a tracked epoch (spectrum, silent units, losses, accuracy) instead of one row a run.",
        };
        var generalisation = new Option<bool>("--generalisation")
        {
            Description = "One row a test on other values (option, value, accuracy, loss) instead of one row a run.",
        };
        var network = new Option<string>("--network") { Description = "The trained network of a run: its id, or the beginning of it." };
        var npz = new Option<string>("--npz")
        {
            Description = "Where to write the network (default: <id>.npz).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var networks = new Option<string>("--networks")
        {
            Description = "Write all networks that were kept as <id>.npz into this folder, which may exist.",
            HelpName = "folder",
        };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("export", "Write a sweep as a table, or its networks as files.")
        {
            folder, parquet, csv, eigenvalues, losses, epochs, generalisation, network, npz, networks, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var toStandardOutput = parsed.Given(csv) && parsed.GetValue(csv) is null;
            if (!new Option[] { parquet, csv, network, networks }.Any(parsed.Given))
                throw Refused("no format", "--csv, --parquet FILE, --network ID --npz or --networks FOLDER", "add one of these");
            if (parsed.Given(network) != parsed.Given(npz))
                throw Refused("one of --network and --npz", "both or neither", "write --network ID --npz FILE");
            string[] tables = [.. new[] { eigenvalues, losses, epochs, generalisation }.Where(one => parsed.GetValue(one))
                .Select(one => one.Name)];
            if (tables.Length > 1) throw Refused(string.Join(" and ", tables), "one of them at a time", "export twice");
            if (toStandardOutput && parsed.GetValue(json))
                throw Refused("--json with --csv to standard output", "one of them there", "name a FILE after --csv");
            StoreLibrary.Check();
            var sweep = SweepFolder.Existing(parsed.GetValue(folder)!);
            string[] targets = [.. new[] { parsed.GetValue(parquet), parsed.GetValue(csv), parsed.GetValue(npz), parsed.GetValue(networks) }
                .OfType<string>()];
            if (targets.Contains("-"))
                throw Refused("the file name '-'", "a file, or --csv without one for standard output", "leave '-' out");
            if (targets.Any(string.IsNullOrWhiteSpace)) throw Refused("an empty file name", "a file", "name one");
            if (targets.FirstOrDefault(sweep.Owns) is { } taken)
                throw InvalidInputException.Of(taken, "a file that the sweep lives on", "another name", "write it elsewhere");
            if (targets.Select(Path.GetFullPath).Distinct().Count() < targets.Length)
                throw Refused("two outputs of one name", "a file for each", "choose another name");
            List<string> files = [], told = [];
            var clock = Stopwatch.StartNew();
            if (parsed.Given(network))
            {
                var (id, bytes) = SweepTable.Network(sweep, parsed.GetValue(network)!);
                Write(parsed.GetValue(npz) ?? $"{id}.npz", stream => stream.Write(bytes));
            }
            if (parsed.GetValue(networks) is { } into) WriteNetworks(into);
            if (parsed.GetValue(parquet) is { } parquetFile) Write(parquetFile, stream => ParquetTable.Write(Table(), stream));
            if (parsed.GetValue(csv) is { } csvFile) Write(csvFile, WriteCsv);
            if (toStandardOutput) WriteCsv(StandardStreams.OpenOutput());
            if (parsed.GetValue(json)) StandardStreams.PrintJson(new { files });
            else if (!parsed.GetValue(quiet))
                foreach (var line in told) StandardStreams.TellLine($"wrote {line}");
            if (!parsed.GetValue(quiet) && (parsed.Given(csv) || parsed.Given(parquet)))
                foreach (var note in Notes(sweep)) StandardStreams.TellLine($"note: {note}");
            return ExitCodes.Done;

            SweepTable Table()
            {
                if (parsed.GetValue(eigenvalues)) return SweepTable.Eigenvalues(sweep);
                if (parsed.GetValue(epochs)) return SweepTable.Epochs(sweep);
                if (parsed.GetValue(generalisation)) return SweepTable.Generalisation(sweep);
                return parsed.GetValue(losses) ? SweepTable.Losses(sweep) : SweepTable.Runs(sweep);
            }

            void WriteCsv(Stream stream)
            {
                using var text = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
                CsvTable.Write(Table(), text);
            }

            void Write(string file, Action<Stream> write)
            {
                AtomicFile.Write(file, write);
                files.Add(file);
                told.Add(file);
            }

            void WriteNetworks(string into)
            {
                var prepared = OutputFolder.Prepare(into);
                var line = new ProgressLine(parsed.GetValue(quiet));
                try
                {
                    var ids = SweepTable.WriteNetworks(sweep, into, done =>
                    {
                        if (line.IsDue(milestone: false) && clock.Elapsed > s_long) line.Show($"networks {done}");
                    });
                    files.AddRange(ids.Select(id => Path.Combine(into, $"{id}.npz")));
                    told.Add($"{Readable.Count(ids.Count, "network")} into {into}{Path.DirectorySeparatorChar}");
                }
                catch
                {
                    prepared.Withdraw();
                    throw;
                }
                finally
                {
                    line.End();
                }
            }
        });
        return command;
    }

    /// <summary>What the table has more or less than the plan, where that can be read.</summary>
    private static IEnumerable<string> Notes(SweepFolder sweep)
    {
        SweepStatus status;
        try
        {
            status = SweepStatus.Of(sweep);
        }
        catch (InvalidInputException)
        {
            yield break; // without its plan nothing is missing
        }
        foreach (var damaged in status.Damaged) yield return damaged;
        if (status.Pending > 0)
            yield return $"{status.Pending} of the {status.Total} runs of the plan {Readable.Are(status.Pending)} not recorded";
        if (status.BesidePlan > 0)
            yield return $"{Readable.Count(status.BesidePlan, "more run")} {Readable.Are(status.BesidePlan)} recorded "
                + "that the plan no longer holds; "
                + "the table has all";
    }

    private static InvalidInputException Refused(string found, string expected, string remedy) =>
        InvalidInputException.Of("export", found, expected, remedy);
}
