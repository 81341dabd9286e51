using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Kernels.Sparse;

/// <summary>A weight that exists, and where its row of a transposed group begins.</summary>
/// <param name="Offset">Bytes from the group's first row.</param>
/// <param name="Value">The weight; 0 for an entry that fills up its column.</param>
internal record struct SparseEntry(int Offset, float Value);

/// <summary>
/// The weights of a mask by columns: block after block of rows, in each column after column, in each row after row. Every column of a
/// block is filled up to a multiple of <see cref="Step"/> with its last row once more, at value 0.
/// </summary>
internal sealed class SparseMatrix
{
    /// <summary>Entries that the kernels take at once.</summary>
    public const int Step = 4;

    /// <summary>Lanes of rows that are transposed side by side: one cache line of each unit with 256 bits.</summary>
    public const int GroupLanes = 2;

    /// <summary>Groups of rows that dW_rec takes at a time.</summary>
    public const int Groups = 8;

    private readonly int _units, _groupRows;
    private readonly int[] _starts;
    private readonly SparseEntry[] _entries;

    /// <param name="exists">Whether the weight of a row and a column exists.</param>
    /// <param name="units">N.</param>
    /// <param name="blockRows">Rows of a block.</param>
    /// <param name="groupRows">Floats between the rows of a transposed group.</param>
    public SparseMatrix(Func<int, int, bool> exists, int units, int blockRows, int groupRows)
    {
        (_units, _groupRows) = (units, groupRows);
        List<int> starts = [0];
        List<SparseEntry> entries = [];
        for (var first = 0; first < units; first += blockRows)
            for (var column = 0; column < units; column++)
            {
                for (var row = first; row < Math.Min(units, first + blockRows); row++)
                    if (exists(row, column)) entries.Add(new SparseEntry(row * groupRows * sizeof(float), 0));
                while (entries.Count % Step != 0) entries.Add(entries[^1]);
                starts.Add(entries.Count);
            }
        (_starts, _entries) = ([.. starts], [.. entries]);
    }

    /// <summary>Blocks of rows.</summary>
    public int Blocks => (_starts.Length - 1) / _units;

    /// <summary>Entries, those that fill up included.</summary>
    public int Count => _entries.Length;

    /// <summary>Memory in floats: an entry is as large as two, a start as one.</summary>
    public long Floats => 2L * _entries.Length + _starts.Length;

    /// <summary>The first entry of all.</summary>
    public ref SparseEntry First => ref MemoryMarshal.GetArrayDataReference(_entries);

    /// <summary>Where the entries of a block's columns begin; after the last column stands their end.</summary>
    public ref int StartsOf(int block) => ref _starts[block * _units];

    /// <summary>Takes the weights of some columns, from W_rec [N×W] or, with transpose, from its rows.</summary>
    public void Refresh(ReadOnlySpan<float> weights, int width, bool transpose, int firstColumn, int endColumn)
    {
        for (var block = 0; block < Blocks; block++)
            for (var column = firstColumn; column < endColumn; column++)
            {
                var before = -1;
                foreach (ref var entry in EntriesOf(block, column))
                {
                    var row = RowOf(entry);
                    var fillsUp = row == before;
                    entry.Value = fillsUp ? 0 : weights[transpose ? column * width + row : row * width + column];
                    before = row;
                }
            }
    }

    /// <summary>dW_rec [N×W] (=) what has been summed for each entry of some columns.</summary>
    public void Spread(ReadOnlySpan<float> sums, Span<float> gradient, int width, int firstColumn, int endColumn)
    {
        for (var block = 0; block < Blocks; block++)
            for (var column = firstColumn; column < endColumn; column++)
            {
                var at = _starts[block * _units + column];
                foreach (ref var entry in EntriesOf(block, column)) gradient[RowOf(entry) * width + column] = sums[at++];
            }
    }

    /// <summary>Entries of the columns of some lanes, for sums: of all blocks.</summary>
    public void Clear(Span<float> sums, int firstColumn, int endColumn)
    {
        for (var block = 0; block < Blocks; block++)
            sums[_starts[block * _units + firstColumn].._starts[block * _units + endColumn]].Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<SparseEntry> EntriesOf(int block, int column)
    {
        var at = block * _units + column;
        return _entries.AsSpan(_starts[at].._starts[at + 1]);
    }

    private int RowOf(SparseEntry entry) => entry.Offset / (_groupRows * sizeof(float));
}
