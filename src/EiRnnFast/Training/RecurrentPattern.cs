using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Sparse;
using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>
/// Which weights of W_rec exist, in the form that its products take. The form depends on the mask, the kernel set and whether batches are
/// tiny: not on the threads or the machine.
/// </summary>
internal sealed class RecurrentPattern
{
    /// <summary>Up to this density the products of the sparse form take less time than dense ones (docs/performance.md).</summary>
    private const double Crossing = 0.4;

    /// <summary>What either form costs beside its products, times N, where the dense form costs 1.</summary>
    private const double Overhead = 30;

    /// <summary>Batches of fewer trials leave lanes nearly empty: one trial took twice the time of the dense form.</summary>
    private const int LeastTrials = 8;

    /// <summary>What a tile of the form blocks costs, a tile of the dense form being 1.</summary>
    private const double BlockCost = 1.1;

    /// <summary>Bytes of a transposed group that one block of rows takes of L1.</summary>
    private const int BlockBytes = 24 << 10;

    private readonly int _units, _width, _groupRows;
    private readonly SparseMatrix? _columns, _rows;
    private readonly AlignedBuffer _sums = new(0);
    private readonly List<AlignedBuffer> _scratch = [];

    private RecurrentPattern(RecurrentForm form, Func<int, int, bool> exists, int units, KernelSet kernels)
    {
        (Form, _units, _width) = (form, units, kernels.PadUnits(units));
        _groupRows = SparseMatrix.GroupLanes * kernels.LaneWidth;
        bool Transposed(int row, int column) => exists(column, row);
        if (form == RecurrentForm.Dense) return;
        if (form == RecurrentForm.Blocks)
        {
            Blocks = new BlockRanges(exists, units, kernels.LaneWidth);
            Back = new BlockRanges(Transposed, units, kernels.LaneWidth);
            return;
        }
        var blocks = BlocksOfRows(units, _groupRows);
        var rows = (units + blocks - 1) / blocks;
        _columns = new SparseMatrix(exists, units, rows, _groupRows);
        _rows = new SparseMatrix(Transposed, units, rows, _groupRows);
        _sums = new AlignedBuffer(_columns.Count);
    }

    /// <summary>The form.</summary>
    public RecurrentForm Form { get; }

    /// <summary>Where W_rec and its transpose have weights; null in another form than blocks.</summary>
    public BlockRanges? Blocks { get; }
    public BlockRanges? Back { get; }

    /// <summary>The pattern of a mask in the form that costs least.</summary>
    /// <param name="mask">Which weights exist, [N×N]; null for all, which are dense unless a form is asked for.</param>
    /// <param name="units">N.</param>
    /// <param name="kernels">The set that multiplies; the scalar one has the dense form only.</param>
    /// <param name="trials">Most trials of a batch.</param>
    /// <param name="asked">A form that is taken whatever it costs.</param>
    /// <exception cref="InvalidInputException">The variable <c>EIRNN_RECURRENT</c> asks for a form that does not exist.</exception>
    public static RecurrentPattern Of(IReadOnlyList<bool>? mask, int units, KernelSet kernels, int trials, RecurrentForm? asked = null)
    {
        bool Exists(int row, int column) => mask is null || mask[row * units + column];
        var hasChoice = kernels.LaneWidth > 1 && (mask is not null || asked is not null);
        var form = hasChoice ? asked ?? RecurrentForms.Asked ?? Cheapest(Exists, units, kernels.LaneWidth, trials) : RecurrentForm.Dense;
        return new RecurrentPattern(form, Exists, units, kernels);
    }

    /// <summary>Floats, or as much, of the largest pattern that a network without all weights may have, of one member.</summary>
    public static long MostFloats(int units, KernelSet kernels)
    {
        if (kernels.LaneWidth == 1) return 0;
        var groupRows = SparseMatrix.GroupLanes * kernels.LaneWidth;
        long columns = (long)units * BlocksOfRows(units, groupRows);
        var entries = (long)(Crossing * units * units) + (SparseMatrix.Step - 1) * columns;
        return 5 * entries + 2 * (columns + 1) + ScratchFloats(kernels.PadUnits(units), groupRows);
    }

    /// <summary>Floats, or as much, that this pattern has, of one member; runs of blocks are not counted.</summary>
    public long Floats => _columns is null || _rows is null ? 0
        : _columns.Floats + _rows.Floats + _sums.Length + ScratchFloats(_width, _groupRows);

    private static long ScratchFloats(int width, int groupRows) => 2L * SparseMatrix.Groups * width * groupRows;

    private static int BlocksOfRows(int units, int groupRows)
    {
        var most = BlockBytes / sizeof(float) / groupRows;
        return (units + most - 1) / most;
    }

    private static RecurrentForm Cheapest(Func<int, int, bool> exists, int units, int laneWidth, int trials)
    {
        if (trials < LeastTrials) return RecurrentForm.Dense;
        var count = 0;
        for (var i = 0; i < units; i++)
            for (var j = 0; j < units; j++)
                if (exists(i, j)) count++;
        var (sparse, blocks) = (count / Crossing / units / units, BlockCost * new BlockRanges(exists, units, laneWidth).Covered);
        if (Math.Min(sparse, blocks) + Overhead / units >= 1) return RecurrentForm.Dense;
        return sparse < blocks ? RecurrentForm.Sparse : RecurrentForm.Blocks;
    }

    /// <summary>Takes memory for so many members.</summary>
    public void Take(int members)
    {
        while (Form == RecurrentForm.Sparse && _scratch.Count < members)
            _scratch.Add(new AlignedBuffer(ScratchFloats(_width, _groupRows)));
    }

    /// <summary>What kernels read, and a member's scratch memory.</summary>
    public PatternOperands Of(int member) => new()
    {
        Columns = _columns, Rows = _rows, Sums = _sums.Span, Scratch = _scratch.Count == 0 ? [] : _scratch[member].Span,
        Blocks = Blocks, Back = Back,
    };

    /// <summary>
    /// In the sparse form: takes the weights [N×W] of some columns, and of as many of the transpose; sums of dW begin at 0. In another form
    /// the kernels read the packed weights: false.
    /// </summary>
    public bool Pack(ReadOnlySpan<float> weights, Columns columns)
    {
        if (_columns is null || _rows is null) return false;
        if (EndOf(columns) is not { } end) return true;
        _columns.Refresh(weights, _width, transpose: false, columns.First, end);
        _rows.Refresh(weights, _width, transpose: true, columns.First, end);
        _columns.Clear(_sums.Span, columns.First, end);
        return true;
    }

    /// <summary>In the sparse form: dW_rec (=) what was summed for some columns since the weights were taken.</summary>
    public void Spread(Span<float> gradient, Columns columns)
    {
        if (EndOf(columns) is { } end) _columns?.Spread(_sums.Span, gradient, _width, columns.First, end);
    }

    /// <summary>The column after a share's last; null where it has none.</summary>
    private int? EndOf(Columns columns) => Math.Min(_units, columns.End(_width)) is var end && columns.First < end ? end : null;
}
