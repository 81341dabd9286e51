using EiRnnFast.Numerics;

namespace EiRnnFast.Kernels.Sparse;

/// <summary>
/// Which weights of W_rec exist, in the form that its products take. The form depends on the mask and the kernel set alone: not on the
/// batch, the threads or the machine.
/// </summary>
internal sealed class RecurrentPattern
{
    private const string Variable = "EIRNN_RECURRENT";

    /// <summary>Up to this density the sparse form is faster than the dense one (docs/performance.md).</summary>
    private const double Crossing = 0.35;

    /// <summary>What a tile of the form blocks costs, a tile of the dense form being 1.</summary>
    private const double BlockCost = 1.1;

    /// <summary>Bytes of a transposed group that one block of rows takes of L1.</summary>
    private const int BlockBytes = 24 << 10;

    private readonly int _units, _width, _groupRows;
    private readonly AlignedBuffer _sums = new(0);
    private AlignedBuffer[] _scratch = [];

    private RecurrentPattern(RecurrentForm form, Func<int, int, bool> exists, int units, KernelSet kernels)
    {
        (Form, _units, _width) = (form, units, kernels.PadUnits(units));
        _groupRows = SparseMatrix.GroupLanes * kernels.LaneWidth;
        bool Transposed(int row, int column) => exists(column, row);
        if (form == RecurrentForm.Blocks)
        {
            Blocks = new BlockRanges(exists, units, kernels.LaneWidth);
            TransposedBlocks = new BlockRanges(Transposed, units, kernels.LaneWidth);
            return;
        }
        var most = BlockBytes / sizeof(float) / _groupRows;
        var blocks = (units + most - 1) / most;
        var rows = (units + blocks - 1) / blocks;
        Columns = new SparseMatrix(exists, units, rows, _groupRows);
        Rows = new SparseMatrix(Transposed, units, rows, _groupRows);
        _sums = new AlignedBuffer(Columns.Count);
    }

    /// <summary>The form; dense is none of its own.</summary>
    public RecurrentForm Form { get; }

    /// <summary>W_rec and its transpose by columns; null in another form.</summary>
    public SparseMatrix? Columns { get; }
    public SparseMatrix? Rows { get; }

    /// <summary>Where W_rec and its transpose have weights; null in another form.</summary>
    public BlockRanges? Blocks { get; }
    public BlockRanges? TransposedBlocks { get; }

    /// <summary>The pattern of a mask in the form that costs least; null for the dense one.</summary>
    /// <param name="mask">Which weights exist, [N×N]; null for all.</param>
    /// <param name="units">N.</param>
    /// <param name="kernels">The set that multiplies; the scalar one has the dense form only.</param>
    /// <param name="asked">A form that is taken whatever it costs.</param>
    public static RecurrentPattern? Of(IReadOnlyList<bool>? mask, int units, KernelSet kernels, RecurrentForm? asked = null)
    {
        bool Exists(int row, int column) => mask is null || mask[row * units + column];
        if (kernels.LaneWidth == 1) return null;
        var form = asked ?? (mask is null ? RecurrentForm.Dense : Cheapest(Exists, units, kernels.LaneWidth));
        return form == RecurrentForm.Dense ? null : new RecurrentPattern(form, Exists, units, kernels);
    }

    private static RecurrentForm Cheapest(Func<int, int, bool> exists, int units, int laneWidth)
    {
        var count = 0;
        for (var i = 0; i < units; i++)
            for (var j = 0; j < units; j++)
                if (exists(i, j)) count++;
        var (sparse, blocks) = (count / Crossing / units / units, BlockCost * new BlockRanges(exists, units, laneWidth).Covered);
        return Math.Min(sparse, blocks) >= 1 ? RecurrentForm.Dense : sparse < blocks ? RecurrentForm.Sparse : RecurrentForm.Blocks;
    }

    /// <summary>Memory for so many members.</summary>
    public void Take(int members)
    {
        if (Form != RecurrentForm.Sparse || members <= _scratch.Length) return;
        var had = _scratch;
        _scratch = [.. had, .. Enumerable.Range(0, members - had.Length).Select(_ => new AlignedBuffer(2L * SparseMatrix.Groups * _width * _groupRows))];
    }

    /// <summary>A member's scratch memory.</summary>
    public Span<float> ScratchOf(int member) => _scratch.Length == 0 ? [] : _scratch[member].Span;

    /// <summary>In the sparse form: takes the weights [N×W] of some columns, and of as many of the transpose; sums of dW begin at 0.</summary>
    public void Pack(ReadOnlySpan<float> weights, Columns columns)
    {
        if (Columns is null || Rows is null) return;
        var end = Math.Min(_units, columns.End(_width));
        if (columns.First >= end) return;
        Columns.Refresh(weights, _width, transpose: false, columns.First, end);
        Rows.Refresh(weights, _width, transpose: true, columns.First, end);
        Columns.Clear(_sums.Span, columns.First, end);
    }

    /// <summary>In the sparse form: one sum of each entry of <see cref="Columns"/>.</summary>
    public Span<float> Sums => _sums.Span;

    /// <summary>In the sparse form: dW_rec (=) what was summed for some columns since the weights were taken.</summary>
    public void Spread(Span<float> gradient, Columns columns)
    {
        var end = Math.Min(_units, columns.End(_width));
        if (columns.First < end) Columns?.Spread(_sums.Span, gradient, _width, columns.First, end);
    }
}
