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
    private readonly SparseMatrix? _columns, _rows;
    private readonly AlignedBuffer _sums = new(0);
    private readonly List<Part> _parts = [];

    private RecurrentPattern(RecurrentForm form, Func<int, int, bool> exists, int units, KernelSet kernels)
    {
        (Form, _units, _width) = (form, units, kernels.PadUnits(units));
        _groupRows = SparseMatrix.GroupLanes * kernels.LaneWidth;
        bool Transposed(int row, int column) => exists(column, row);
        if (form == RecurrentForm.Blocks)
        {
            Blocks = new BlockRanges(exists, units, kernels.LaneWidth);
            Back = new BlockRanges(Transposed, units, kernels.LaneWidth);
            return;
        }
        var most = BlockBytes / sizeof(float) / _groupRows;
        var blocks = (units + most - 1) / most;
        var rows = (units + blocks - 1) / blocks;
        _columns = new SparseMatrix(exists, units, rows, _groupRows);
        _rows = new SparseMatrix(Transposed, units, rows, _groupRows);
        _sums = new AlignedBuffer(_columns.Count);
    }

    /// <summary>The form; never the dense one.</summary>
    public RecurrentForm Form { get; }

    /// <summary>Where W_rec and its transpose have weights; null in another form than blocks.</summary>
    public BlockRanges? Blocks { get; }
    public BlockRanges? Back { get; }

    /// <summary>The pattern of a mask in the form that costs least; null for the dense one.</summary>
    /// <param name="mask">Which weights exist, [N×N]; null for all, which are dense unless a form is asked for.</param>
    /// <param name="units">N.</param>
    /// <param name="kernels">The set that multiplies; the scalar one has the dense form only.</param>
    /// <param name="asked">A form that is taken whatever it costs.</param>
    /// <exception cref="InvalidInputException">The environment variable <c>EIRNN_RECURRENT</c> asks for a form that does not exist.</exception>
    public static RecurrentPattern? Of(IReadOnlyList<bool>? mask, int units, KernelSet kernels, RecurrentForm? asked = null)
    {
        bool Exists(int row, int column) => mask is null || mask[row * units + column];
        if (kernels.LaneWidth == 1 || mask is null && asked is null) return null;
        var form = asked ?? OfEnvironment ?? Cheapest(Exists, units, kernels.LaneWidth);
        return form == RecurrentForm.Dense ? null : new RecurrentPattern(form, Exists, units, kernels);
    }

    private static RecurrentForm? OfEnvironment
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } name) return null;
            foreach (var form in Enum.GetValues<RecurrentForm>())
                if (name.Equals(form.ToString(), StringComparison.OrdinalIgnoreCase)) return form;
            throw InvalidInputException.Of(Variable, $"'{name}'", "dense, blocks or sparse", "name one of these, or leave it out");
        }
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

    /// <summary>Makes parts for so many members.</summary>
    public void Take(int members)
    {
        while (_parts.Count < members) _parts.Add(new Part(this));
    }

    /// <summary>A member's part.</summary>
    public Part Of(int member) => _parts[member];

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

    /// <summary>What kernels read, and memory of one member of its own.</summary>
    internal sealed class Part(RecurrentPattern whole)
    {
        private readonly AlignedBuffer _scratch =
            new(whole._columns is null ? 0 : 2L * SparseMatrix.Groups * whole._width * whole._groupRows);

        /// <summary>W_rec and its transpose by columns; null in another form than sparse.</summary>
        public SparseMatrix? Columns => whole._columns;
        public SparseMatrix? Rows => whole._rows;

        /// <summary>One sum of each entry of <see cref="Columns"/>, for dW_rec.</summary>
        public Span<float> Sums => whole._sums.Span;

        /// <summary>As <see cref="RecurrentPattern.Blocks"/>.</summary>
        public BlockRanges? Blocks => whole.Blocks;
        public BlockRanges? Back => whole.Back;

        /// <summary>Twice <see cref="SparseMatrix.Groups"/> transposed groups.</summary>
        public Span<float> Scratch => _scratch.Span;
    }
}
