using EiRnnFast.Studies.Runs;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>The tracked epochs of a run: a row an epoch, in a store as doubles one after another, NaN for what is not known.</summary>
internal static class TrackedEpochs
{
    /// <summary>The columns behind the id of the run.</summary>
    public static IReadOnlyList<RunColumn> Columns { get; } =
    [
        new("epoch", typeof(long)), new("outer_radius", typeof(double)), new("inner_radius", typeof(double)),
        new("spectral_radius", typeof(double)), new("outlier_count", typeof(long)), new("henrici", typeof(double)),
        new("silent_units", typeof(long)), new("loss", typeof(double)), new("test_loss", typeof(double)), new("accuracy", typeof(double)),
    ];

    /// <summary>As a store has them; null where none was tracked.</summary>
    public static byte[]? BlobOf(IReadOnlyList<EpochSpectrumRecord>? epochs) => epochs is null ? null : RunRecord.BlobOf(
        [.. epochs.SelectMany(one => new[]
        {
            one.Epoch, one.OuterRadius, one.InnerRadius, one.SpectralRadius, one.OutlierCount, one.Henrici, one.SilentUnits, one.Loss,
            one.TestLoss, one.Accuracy,
        }).Select(value => value ?? double.NaN)]);

    /// <summary>The rows, the run's id in front.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static IReadOnlyList<object?[]> RowsOf(string id, double[] values)
    {
        var rows = values.Chunk(Columns.Count).Select(row => (object?[])[id, .. row.Zip(Columns, Value)]).ToArray();
        return rows.All(row => row.Length == Columns.Count + 1 && row[1] is not null) ? rows
            : throw new FormatException("tracked epochs of another length");

        static object? Value(double value, RunColumn column) => double.IsNaN(value) ? null
            : column.Type == typeof(double) ? value
            : value is >= 0 and <= int.MaxValue && value == Math.Floor(value) ? (object)(long)value
            : throw new FormatException($"{column.Name} is of another kind");
    }
}
