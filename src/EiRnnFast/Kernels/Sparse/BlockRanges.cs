using System.Numerics;

namespace EiRnnFast.Kernels.Sparse;

/// <summary>Where a matrix has weights: of each lane of columns, the strips of eight rows that hold any.</summary>
internal sealed class BlockRanges
{
    /// <summary>Rows of a strip: a multiple of every register tile's.</summary>
    private const int Strip = 8;

    /// <summary>Most rows that are asked for at a time.</summary>
    public const int WordRows = Strip * 64;

    private readonly ulong[] _strips;
    private readonly int _words;

    /// <param name="exists">Whether the weight of a row and a column exists.</param>
    /// <param name="units">N.</param>
    /// <param name="laneWidth">Columns of a lane.</param>
    public BlockRanges(Func<int, int, bool> exists, int units, int laneWidth)
    {
        var lanes = (units + laneWidth - 1) / laneWidth;
        _words = (units + WordRows - 1) / WordRows;
        _strips = new ulong[lanes * _words];
        for (var row = 0; row < units; row++)
            for (var column = 0; column < units; column++)
                if (exists(row, column)) _strips[column / laneWidth * _words + row / WordRows] |= 1UL << row / Strip;
        var strips = (units + Strip - 1) / Strip;
        Covered = _strips.Sum(word => (double)BitOperations.PopCount(word)) / (lanes * strips);
    }

    /// <summary>Fraction of the lanes' strips that hold a weight.</summary>
    public double Covered { get; }

    /// <summary>The runs of strips in rows first … first+count−1 of some lanes; <paramref name="count"/> divides 512 and the first row.</summary>
    public Runs Of(int lane, int lanes, int first, int count)
    {
        var strips = 0UL;
        for (; lanes > 0; lanes--, lane++) strips |= _strips[lane * _words + first / WordRows];
        strips >>= first / Strip % 64;
        return new Runs(count == WordRows ? strips : strips & ((1UL << count / Strip) - 1), first);
    }

    /// <summary>How many of some lanes, from the first, have the same strips in these rows.</summary>
    public int Alike(int lane, int lanes, int first, int count)
    {
        var strips = Of(lane, 1, first, count).Left;
        for (var alike = 1; alike < lanes; alike++)
            if (Of(lane + alike, 1, first, count).Left != strips) return alike;
        return lanes;
    }

    /// <summary>Strips side by side, run after run.</summary>
    internal ref struct Runs(ulong strips, int first)
    {
        /// <summary>Strips that no run has held yet.</summary>
        public ulong Left { get; private set; } = strips;

        /// <summary>The next run of rows, whose end may lie after the last unit.</summary>
        public bool Next(out int row, out int end)
        {
            (row, end) = (0, 0);
            if (Left == 0) return false;
            var at = BitOperations.TrailingZeroCount(Left);
            var length = BitOperations.TrailingZeroCount(~(Left >> at));
            (row, end) = (first + at * Strip, first + (at + length) * Strip);
            Left = at + length == 64 ? 0 : Left >> (at + length) << (at + length);
            return true;
        }
    }
}
