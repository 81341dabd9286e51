using Parquet;
using Parquet.Schema;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>Writes a table as Apache Parquet, one row group a part.</summary>
public static class ParquetTable
{
    /// <summary>Writes the whole table.</summary>
    public static void Write(SweepTable table, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(table);
        WriteAsync(table, stream).GetAwaiter().GetResult();
    }

    private static async Task WriteAsync(SweepTable table, Stream stream)
    {
        DataField[] fields = [.. table.Columns.Select(column => new DataField(column.Name, column.Type, isNullable: true))];
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, options);
        foreach (var part in table.Parts)
        {
            using var group = writer.CreateRowGroup();
            for (var c = 0; c < fields.Length; c++)
            {
                var (column, type) = (c, table.Columns[c].Type);
                if (type == typeof(string)) await group.WriteAsync(fields[c], [.. part.Select(row => (string)row[column]!)]);
                else if (type == typeof(double)) await group.WriteAsync<double>(fields[c], Values<double>());
                else if (type == typeof(long)) await group.WriteAsync<long>(fields[c], Values<long>());
                else await group.WriteAsync<bool>(fields[c], Values<bool>());

                ReadOnlyMemory<T?> Values<T>() where T : struct => part.Select(row => (T?)row[column]).ToArray();
            }
            group.CompleteValidate();
        }
    }
}
