namespace EiRnnFast.Kernels.Sparse;

/// <summary>Where a matrix has weights: of each lane of columns, the strips of eight rows that hold any.</summary>
internal sealed class BlockRanges
{
    /// <summary>Rows of a strip: a multiple of every register tile's.</summary>
    private const int Strip = 8;

    private readonly (int First, int End)[][] _runs;
    private readonly int[] _alike;

    /// <param name="exists">Whether the weight of a row and a column exists.</param>
    /// <param name="units">N.</param>
    /// <param name="laneWidth">Columns of a lane.</param>
    public BlockRanges(Func<int, int, bool> exists, int units, int laneWidth)
    {
        var lanes = (units + laneWidth - 1) / laneWidth;
        _runs = new (int, int)[lanes][];
        _alike = new int[lanes];
        for (var lane = lanes - 1; lane >= 0; lane--)
        {
            _runs[lane] = [.. RunsOf(exists, units, lane * laneWidth, Math.Min(units, (lane + 1) * laneWidth))];
            _alike[lane] = lane + 1 < lanes && _runs[lane].AsSpan().SequenceEqual(_runs[lane + 1]) ? _alike[lane + 1] + 1 : 1;
        }
        Covered = _runs.Sum(runs => runs.Sum(run => (double)(run.End - run.First))) / lanes / units;
    }

    /// <summary>Fraction of the lanes' rows that lie in strips with a weight.</summary>
    public double Covered { get; }

    /// <summary>The rows of a lane that may have weights, run after run.</summary>
    public ReadOnlySpan<(int First, int End)> Of(int lane) => _runs[lane];

    /// <summary>How many lanes, from this one on, have the same runs; at most so many.</summary>
    public int Alike(int lane, int most) => Math.Min(_alike[lane], most);

    private static IEnumerable<(int First, int End)> RunsOf(Func<int, int, bool> exists, int units, int firstColumn, int endColumn)
    {
        int? first = null;
        for (var row = 0; row < units; row += Strip)
        {
            var isThere = false;
            for (var r = row; r < Math.Min(units, row + Strip); r++)
                for (var column = firstColumn; column < endColumn; column++) isThere |= exists(r, column);
            if (isThere) first ??= row;
            else if (first is { } begun)
            {
                yield return (begun, row);
                first = null;
            }
        }
        if (first is { } last) yield return (last, units);
    }
}
