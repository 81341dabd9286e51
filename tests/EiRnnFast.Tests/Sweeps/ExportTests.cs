using System.Globalization;
using EiRnnFast.Studies.Sweeps;
using Parquet;

namespace EiRnnFast.Tests.Sweeps;

public sealed class ExportTests : IDisposable
{
    private readonly SweepSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Parquet_holds_every_value_of_every_row()
    {
        var folder = _sandbox.Run("sweep", SweepSandbox.Tiny + "\nlearning_rate = [1e-4, 1e30]");
        var table = SweepTable.Runs(folder);
        var rows = table.Parts.SelectMany(part => part).ToArray();
        using var stream = new MemoryStream();
        ParquetTable.Write(table, stream);
        stream.Position = 0;
        await using var reader = await ParquetReader.CreateAsync(stream);
        Assert.Equal(table.Columns.Select(column => column.Name), reader.Schema.DataFields.Select(field => field.Name));
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(rows.Length, group.RowCount);
        for (var c = 0; c < table.Columns.Count; c++)
        {
            var field = reader.Schema.DataFields[c];
            if (table.Columns[c].Type == typeof(string)) continue; // which this library reads as characters; other readers: CI
            Assert.Equal(table.Columns[c].Type, field.ClrType);
            if (table.Columns[c].Type != typeof(double)) continue;
            var values = new double?[rows.Length];
            await group.ReadAsync<double>(field, values.AsMemory());
            Assert.Equal(rows.Select(row => row[c]), values.Select(value => (object?)value));
        }
    }

    [Fact]
    public void Csv_reads_back_to_the_same_bits()
    {
        var folder = _sandbox.Run("sweep");
        var table = SweepTable.Runs(folder);
        var rows = table.Parts.SelectMany(part => part).ToArray();
        var text = new StringWriter();
        CsvTable.Write(table, text);
        var lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(string.Join(',', RunColumns.All.Select(column => column.Name)), lines[0]);
        Assert.Equal(rows.Length + 1, lines.Length);
        for (var r = 0; r < rows.Length; r++)
        {
            var cells = lines[r + 1].Split(',');
            for (var c = 0; c < cells.Length; c++)
                Assert.Equal(rows[r][c], cells[c].Length == 0 ? null
                    : RunColumns.All[c].Type == typeof(double) ? double.Parse(cells[c], CultureInfo.InvariantCulture)
                    : RunColumns.All[c].Type == typeof(long) ? long.Parse(cells[c], CultureInfo.InvariantCulture)
                    : RunColumns.All[c].Type == typeof(bool) ? bool.Parse(cells[c]) : cells[c]);
        }
    }

    [Fact]
    public void Csv_quotes_what_has_to_be_quoted()
    {
        var text = new StringWriter();
        CsvTable.Write(new SweepTable([new("a", typeof(string)), new("b", typeof(double)), new("c", typeof(bool))],
            [[["x,\"y\"\nz", 0.1, true], [null, null, null]]]), text);
        Assert.Equal("a,b,c\n\"x,\"\"y\"\"\nz\",0.1,true\n,,\n", text.ToString());
    }

    [Fact]
    public void Csv_gives_a_spreadsheet_no_formula()
    {
        var text = new StringWriter();
        object?[][] rows = [.. new[] { "=1+1", "+1", "-1", "@a", "\ta", "\ra", "a=1" }.Select(cell => new object?[] { cell, -0.5 })];
        CsvTable.Write(new SweepTable([new("a", typeof(string)), new("b", typeof(double))], [rows]), text);
        Assert.Equal("a,b\n'=1+1,-0.5\n'+1,-0.5\n'-1,-0.5\n'@a,-0.5\n'\ta,-0.5\n\"'\ra\",-0.5\na=1,-0.5\n", text.ToString());
    }

    [Fact]
    public void Columns_are_the_keys_of_train()
    {
        string[] names = [.. RunColumns.All.Select(column => column.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
        string[] expected = ["run_id", "status", "reason", "host", "started", "finished", "version", "kernel_set", "lapack", "seed",
            "data_seed", "task", "units", "excitatory", "sign_axis", "init", "gain", "balanced", "epochs_run", "stopped", "final_loss",
            "accuracy", "sign_violations", "spectrum_outer_radius", "spectrum_outer_radius_published", "spectrum_shape",
            "spectrum_outlier_count", "spectrum_initial_outer_radius", "spectrum_theory_outer_radius"];
        Assert.Empty(expected.Except(names));
    }

    [Fact]
    public void Eigenvalues_come_in_long_form_by_rank()
    {
        var rows = SweepTable.Eigenvalues(_sandbox.Run("sweep", "units = 6\ntrials = 120\nepochs = 2\nseeds = 2")).Parts.SelectMany(part =>
            part).ToArray();
        Assert.Equal(2 * 2 * 6, rows.Length);
        foreach (var run in rows.GroupBy(row => (row[0], row[1])))
        {
            var moduli = run.OrderBy(row => (long)row[2]!).Select(row => double.Hypot((double)row[3]!, (double)row[4]!)).ToArray();
            Assert.Equal(moduli.OrderDescending(), moduli);
        }
    }
}
