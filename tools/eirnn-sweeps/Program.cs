using System.Text;
using System.Text.Json;
using EiRnnFast;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Sweeps;

// The sweeps of the Python package: a program beside the C library, which knows no stores. One job a process, results on standard
// output, the sentence of a failure on standard error; the exit code is 0, 2 (bad input), 3 (failed computation) or 130 (left).
const string jobs = "run FOLDER, runs FOLDER, eigenvalues FOLDER, losses FOLDER, epochs FOLDER, generalisation FOLDER or network FOLDER ID";
try
{
    return args switch
    {
        ["run", var folder] => SweepJob.Run(folder),
        ["runs", var folder] => Table(SweepTable.Runs(SweepFolder.Existing(folder))),
        ["eigenvalues", var folder] => Table(SweepTable.Eigenvalues(SweepFolder.Existing(folder))),
        ["losses", var folder] => Table(SweepTable.Losses(SweepFolder.Existing(folder))),
        ["epochs", var folder] => Table(SweepTable.Epochs(SweepFolder.Existing(folder))),
        ["generalisation", var folder] => Table(SweepTable.Generalisation(SweepFolder.Existing(folder))),
        ["network", var folder, var id] => Network(SweepTable.Network(SweepFolder.Existing(folder), id)),
        _ => throw InvalidInputException.Of("eirnn-sweeps", string.Join(' ', args), jobs, "call it through the Python package"),
    };
}
catch (InvalidInputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (Exception e) when (e is EiRnnException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}

// The names and types of the columns as a line of JSON, then CSV.
static int Table(SweepTable table)
{
    using var stream = Console.OpenStandardOutput();
    using (var json = new Utf8JsonWriter(stream))
    {
        json.WriteStartObject();
        foreach (var column in table.Columns) json.WriteString(column.Name, column.Type.Name.ToLowerInvariant());
        json.WriteEndObject();
    }
    using var text = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16);
    text.Write('\n');
    CsvTable.Write(table, text);
    return 0;
}

static int Network((string Id, byte[] Npz) network)
{
    using var stream = Console.OpenStandardOutput();
    stream.Write(network.Npz);
    return 0;
}
