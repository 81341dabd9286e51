using System.Diagnostics;
using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Sparse;
using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>Loss and gradients of one batch by full backpropagation through time: gather rows, pack, forward with loss, backward.</summary>
internal sealed class BatchGradient
{
    private readonly TrainingWorkspace _workspace;
    private readonly KernelSet _kernels;
    private readonly BatchRows _rows;
    private readonly float[] _initialState, _ratePull;
    private readonly EffectiveWeights? _effective;
    private readonly AlignedBuffer? _trained;
    private readonly RecurrentPattern _pattern;
    private readonly StateNoise? _noise;
    private readonly int[] _trialOfRow;
    private readonly Penalties _penalties;
    private readonly LossFunction _kind;
    private readonly LossTerms? _terms;
    private readonly Crew _crew;
    private readonly Action<int> _forward, _backward, _pullBack;
    private int _updates, _trials;
    private double _scale, _loss;

    /// <summary>Prepares for batches of at most the workspace's batch size; <see cref="Use"/> says of which trials.</summary>
    /// <param name="workspace">Memory and weights.</param>
    /// <param name="network">What is trained, for its initial state and masks.</param>
    /// <param name="options">Loss, sharing of states while inputs agree, frozen tensors and penalties.</param>
    /// <param name="noise">Noise of the states, which are then not shared.</param>
    public BatchGradient(TrainingWorkspace workspace, EiRnn network, TrainingOptions options, StateNoise? noise = null)
    {
        (_workspace, _kernels, _crew) = (workspace, workspace.Kernels, workspace.Crew);
        (_forward, _backward, _pullBack) = (Forward, Backward, PullBack);
        (_initialState, _noise, _penalties, _kind) = (network.InitialState.ToArray(), noise, options.Penalties, options.Loss);
        _terms = LossTerms.Of(options, workspace);
        var inputNoise = InputNoise.Of(network.Spec, network.Seed ?? 0);
        var sharing = options.Sharing && noise is null && inputNoise is null && _penalties.L2Rate == 0 && _terms is null;
        _rows = new BatchRows(workspace, sharing, inputNoise);
        _effective = EffectiveWeights.Of(network.Spec);
        var frozen = options.Frozen;
        _trained = network.Masks is null && frozen is [] ? null : TrainedWeights.Of(workspace.Layout, network, frozen);
        _pattern = RecurrentPattern.Of(network.Masks?.Recurrent, network.Units, _kernels, workspace.BatchSize, options.RecurrentForm);
        _trialOfRow = new int[workspace.BatchSize];
        _ratePull = new float[_penalties.L2Rate == 0 ? 0 : _kernels.PadRows(workspace.BatchSize)];
    }

    /// <summary>Prepares for batches of <paramref name="data"/>.</summary>
    public BatchGradient(TrainingWorkspace workspace, TrialBatch data, EiRnn network, TrainingOptions options, StateNoise? noise = null)
        : this(workspace, network, options, noise) => Use(data);

    /// <summary>Hidden states that the batches so far had, B·T each, and how many of them were computed.</summary>
    public long States { get; private set; }
    public long StatesComputed { get; private set; }

    /// <summary>How products with W_rec are formed.</summary>
    public RecurrentForm RecurrentForm => _pattern.Form;

    /// <summary>Of the last batch, without penalties.</summary>
    public double TaskLoss { get; private set; }

    private TrajectoryTree Tree => _rows.Tree;

    private TrialBatch Data => _rows.Data;

    /// <summary>Takes batches from these trials from now on; at most the workspace's steps.</summary>
    public void Use(TrialBatch data) => _rows.Use(data);

    /// <summary>Goes on after so many updates.</summary>
    public void GoOnAfter(int updates, long states, long statesComputed) =>
        (_updates, States, StatesComputed) = (updates, states, statesComputed);

    /// <summary>How many of these trials weigh something in the loss.</summary>
    public int WeightedTrials(ReadOnlySpan<int> trials) => _rows.WeightedTrials(trials);

    /// <summary>Mean loss of the batch, penalties included; its gradients are in the workspace.</summary>
    public double Compute(ReadOnlySpan<int> trials)
    {
        var (weight, residual) = _rows.Gather(trials, _updates);
        _pattern.Take(_crew.Size);
        States += (long)trials.Length * Data.Steps;
        StatesComputed += Tree.StatesComputed;
        var scale = weight == 0 ? 0 : 1 / weight;
        if (_penalties.L2Rate > 0) SetRatePull(trials.Length);
        var loss = TaskLoss = _kind switch
        {
            LossFunction.MeanSquare => scale * (Forward(trials, 2 * scale) + residual),
            LossFunction.CrossEntropy => scale * Data.Outputs * Forward(trials, scale * Data.Outputs), // all outputs of a step weigh m
            LossFunction.None => Forward(trials, 0),
            _ => throw new UnreachableException($"no loss {_kind}"),
        };
        if (_terms is not null)
        {
            loss += _terms.Add(Data, Tree, trials.Length, _updates, ActingWeights);
            _terms.PassGradients(Data, Tree, trials.Length, _workspace.Readout.Span, _workspace.OutputBiasGradient);
            if (_kind == LossFunction.None) TaskLoss = loss;
        }
        _crew.Run(_backward);
        var layout = _workspace.Layout;
        var gradients = _workspace.Gradients.Span;
        _updates++;
        if (_penalties.L2Rate > 0) loss += RateLoss(trials.Length);
        if (_penalties.HasWeights) loss += _penalties.AddWeights(ActingWeights, gradients[layout.WRec], layout.Units, layout.Width);
        _terms?.AddRecurrent(gradients[layout.WRec]);
        if (_effective is not null || _trained is not null) _crew.Run(_pullBack);
        return loss;
    }

    /// <summary>W_rec as it acts, [N×W].</summary>
    private ReadOnlySpan<float> ActingWeights =>
        _effective is null ? _workspace.Parameters.Span[_workspace.Layout.WRec] : _workspace.Effective.Span;

    /// <summary>2λ/(B·T·N) for each trial's row, 0 for padded ones: without sharing a row is a trial.</summary>
    private void SetRatePull(int trials)
    {
        _ratePull.AsSpan(trials).Clear();
        _ratePull.AsSpan(0, trials).Fill((float)(2 * _penalties.L2Rate / ((double)trials * Data.Steps * _workspace.Layout.Units)));
    }

    /// <summary>λ·mean r².</summary>
    private double RateLoss(int trials)
    {
        var (width, sum) = (_workspace.Layout.Width, 0.0);
        for (var t = 0; t < Data.Steps; t++)
            sum += _kernels.SumOfSquares(_workspace.States.Span.Slice(Tree.Offset(t + 1) * width, trials * width));
        return _penalties.L2Rate * sum / ((double)trials * Data.Steps * _workspace.Layout.Units);
    }

    /// <summary>All hidden states, the sum of the loss, Σ m(ŷ − ȳ)² or Σ m·entropy, and dL/dŷ.</summary>
    private double Forward(ReadOnlySpan<int> trials, double scale)
    {
        (_scale, _trials) = (scale, trials.Length);
        for (var row = 0; row < (_noise is null ? 0 : Tree.Count); row++) _trialOfRow[row] = trials[Tree.TrialOf(row)];
        _crew.Run(_forward);
        return _loss;
    }

    /// <summary>A member's columns of all hidden states. Its part of a readout follows the meeting that made the states known.</summary>
    private void Forward(int member)
    {
        var mine = _crew.ColumnsOf(member);
        Begin(member);
        _crew.Meet();
        Pack(mine);
        var layout = _workspace.Layout;
        ReadOnlySpan<float> parameters = _workspace.Parameters.Span, packed = _workspace.Packed.Span;
        for (var t = 0; t < Data.Steps; t++)
        {
            if (t > 0) ReadOut(t - 1, member);
            var rows = Tree.PaddedRows(t);
            _noise?.Fill(_updates, _trialOfRow.AsSpan(0, Tree.Rows(t)), t, _workspace.Noise.Span, layout.Width, mine);
            _kernels.ForwardStep(new ForwardOperands
            {
                Rows = rows, Units = layout.Units, Stride = _workspace.Stride, HPrevious = StatesAt(t, 0, rows), Packed = packed,
                X = InputsAt(t), WIn = parameters[layout.WIn], Bias = parameters[layout.Bias], H = StatesAt(t + 1, 0, rows),
                Columns = mine, Leak = LeakAt(t), Pattern = _pattern.Of(member),
            });
            for (var row = Tree.Rows(t); row < Tree.Rows(t + 1); row++)
            {
                mine.Of(StatesAt(t + 1, Tree.Parent(row), 1)).CopyTo(mine.Of(StatesAt(t + 1, row, 1)));
                if (KeepsVoltage) mine.Of(RowOf(_workspace.Kept, Tree.Parent(row))).CopyTo(mine.Of(RowOf(_workspace.Kept, row)));
            }
            _crew.Meet();
        }
        ReadOut(Data.Steps - 1, member);
        _crew.Meet();
        if (member == 0) SumLoss();
    }

    /// <summary>A member's part of what is there before the first step: W_rec as it acts, the first states, sums that are 0.</summary>
    private void Begin(int member)
    {
        var layout = _workspace.Layout;
        ReadOnlySpan<float> parameters = _workspace.Parameters.Span;
        var (first, end) = _crew.RowsOf(member, layout.Units);
        _effective?.Form(parameters[layout.WRec], _workspace.Effective.Span, layout.Width, first, end);
        _crew.PartOf(member, _workspace.Gradients.Span).Clear();
        _crew.PartOf(member, _workspace.Deltas.Span[(_workspace.BlockRows * layout.Width)..]).Clear();
        _crew.PartOf(member, _workspace.Carry.Span).Clear();
        if (member > 0) return;
        Array.Clear(_workspace.OutputBiasGradient);
        StartingState.Fill(_workspace.Spec, layout.TrainsInitialState ? parameters[layout.InitialState] : _initialState, layout.Width,
            StatesAt(0, 0, Tree.PaddedRows(0)), _workspace.Kept.Span);
    }

    private void Pack(Columns columns)
    {
        if (_pattern.Pack(ActingWeights, columns)) return;
        _kernels.Pack(ActingWeights, _workspace.Spec.Units, transpose: false, _workspace.Packed.Span, columns, _pattern.Blocks);
        _kernels.Pack(ActingWeights, _workspace.Spec.Units, transpose: true, _workspace.PackedTransposed.Span, columns, _pattern.Back);
    }

    /// <summary>A member's rows of ŷ.</summary>
    private void ReadOut(int step, int member)
    {
        var layout = _workspace.Layout;
        var parameters = _workspace.Parameters.Span;
        var (first, end) = _crew.RowsOf(member, Tree.PaddedRows(step), _kernels.LaneWidth);
        if (first == end) return;
        _kernels.Readout(new ReadoutOperands
        {
            First = first, Rows = end, Units = layout.Units, Stride = _workspace.Stride, H = StatesAt(step + 1, 0, end),
            WOut = parameters[layout.WOut], BOut = parameters[layout.BOut][..layout.Outputs], Y = ReadoutAt(step),
        });
    }

    /// <summary>Step after step, since sums depend on their order: the loss, and ŷ turned into dL/dŷ.</summary>
    private void SumLoss()
    {
        var output = _workspace.Layout.Outputs * _workspace.Stride;
        _loss = 0;
        for (var t = 0; t < Data.Steps; t++)
        {
            var y = ReadoutAt(t);
            _terms?.Keep(Data, _trials, t, y);
            var operands = new LossOperands
            {
                Stride = _workspace.Stride, Scale = _scale, Target = _workspace.Targets.Span.Slice(t * output, output),
                Weight = _workspace.Weights.Span.Slice(t * output, output), Y = y, DBOut = _workspace.OutputBiasGradient,
            };
            if (_kind == LossFunction.MeanSquare) _loss += _kernels.LossGradient(operands);
            else if (_kind == LossFunction.CrossEntropy) _loss += _kernels.CrossEntropyGradient(operands);
            else y.Clear();
        }
    }

    private Span<float> StatesAt(int step, int row, int rows) =>
        _workspace.States.Span.Slice((Tree.Offset(step) + row) * _workspace.Layout.Width, rows * _workspace.Layout.Width);

    private Span<float> ReadoutAt(int step)
    {
        var output = _workspace.Layout.Outputs * _workspace.Stride;
        return _workspace.Readout.Span.Slice(step * output, output);
    }

    /// <summary>Whether the voltages of one step are kept, and not a value of every step.</summary>
    private bool KeepsVoltage => _kernels.HasLeak && _workspace.Spec.Cell.Form == CellForm.Voltage;

    private Span<float> RowOf(AlignedBuffer rows, int row) => rows.Span.Slice(row * _workspace.Layout.Width, _workspace.Layout.Width);

    private LeakOperands LeakAt(int t, bool pullsRates = true) => !_kernels.HasLeak ? default : new LeakOperands
    {
        Alpha = _workspace.Alpha, Carry = _workspace.Carry.Span, RatePull = pullsRates ? _ratePull : [],
        RateGradient = pullsRates && _terms is not null ? _terms.RateGradients[(Tree.Offset(t) * _workspace.Layout.Width)..] : [],
        Noise = _noise is null ? default : _workspace.Noise.Span,
        Kept = KeepsVoltage ? _workspace.Kept.Span : _workspace.Kept.Span[(Tree.Offset(t) * _workspace.Layout.Width)..],
    };

    private ReadOnlySpan<float> InputsAt(int t) => _workspace.Inputs.Span[(t * Data.Inputs * _workspace.Stride)..];

    /// <summary>A member's columns of all δ, and of the gradients that follow from them.</summary>
    private void Backward(int member)
    {
        var mine = _crew.ColumnsOf(member);
        var layout = _workspace.Layout;
        ReadOnlySpan<float> parameters = _workspace.Parameters.Span, states = _workspace.States.Span;
        ReadOnlySpan<float> packed = _workspace.PackedTransposed.Span, readout = _workspace.Readout.Span;
        Span<float> gradients = _workspace.Gradients.Span, deltas = _workspace.Deltas.Span;
        var edges = _workspace.Edges;
        var width = layout.Width;
        var following = deltas[(_workspace.BlockRows * width)..];
        for (int end = Data.Steps, first; end > 0; end = first)
        {
            first = end - 1;
            while (first > 0 && Tree.Offset(end) - Tree.Offset(first - 1) <= _workspace.BlockRows) first--;
            for (var edge = 0; edge < _workspace.EdgeGradients.Length; edge += width)
                mine.Of(_workspace.EdgeGradients.Span.Slice(edge, width)).Clear();
            for (var t = end - 1; t >= first; t--)
            {
                var d = deltas[((Tree.Offset(t) - Tree.Offset(first)) * width)..];
                _kernels.BackwardStep(new BackwardOperands
                {
                    Rows = Tree.PaddedRows(t), Units = layout.Units, Stride = _workspace.Stride,
                    DNext = t == end - 1 ? following : deltas[((Tree.Offset(t + 1) - Tree.Offset(first)) * width)..],
                    Packed = packed, X = InputsAt(t), Dy = readout[(t * layout.Outputs * _workspace.Stride)..],
                    WOut = parameters[layout.WOut], H = states[(Tree.Offset(t + 1) * width)..], D = d,
                    Edge = edges, Columns = mine, Leak = LeakAt(t), Pattern = _pattern.Of(member),
                });
                if (t == first) break;
                Fold(t, d, mine);
                _crew.Meet();
            }
            RecurrentGradient(first, end, member);
            AddRows(edges.WIn, gradients[layout.WIn], mine);
            AddRows(edges.Bias, gradients[layout.Bias], mine);
            AddRows(edges.WOut, gradients[layout.WOut], mine);
            if (end - first == 1) _crew.Meet(); // others may read what followed this one step
            for (var row = 0; row < Tree.PaddedRows(first); row++)
                mine.Of(deltas.Slice(row * width, width)).CopyTo(following.Slice(row * width + mine.First, mine.Count(width)));
            Fold(first, following, mine);
            _crew.Meet();
        }
        _pattern.Spread(gradients[layout.WRec], mine);
        if (layout.TrainsInitialState) InitialStateGradient(member);
        if (member > 0) return;
        var dBOut = gradients[layout.BOut];
        for (var o = 0; o < layout.Outputs; o++) dBOut[o] = (float)_workspace.OutputBiasGradient[o];
    }

    /// <summary>A member's columns of a block's share of dW_rec. Where h is copied for it, members copy parts of it for all.</summary>
    private void RecurrentGradient(int first, int end, int member)
    {
        var layout = _workspace.Layout;
        int start = Tree.Offset(first), rows = Tree.Offset(end) - start, copied = _kernels.CopiedStates(layout.Units);
        var isShared = copied > 0 && _crew.Size > 1 && RecurrentForm != RecurrentForm.Sparse;
        for (int row = 0, most = isShared ? copied : rows; row < rows; row += most)
        {
            if (row > 0) _crew.Meet(); // the copies of the rows before have been read
            var block = new RecurrentGradientOperands
            {
                Rows = Math.Min(most, rows - row), Units = layout.Units, Columns = _crew.ColumnsOf(member),
                HPrevious = _workspace.States.Span[((start + row) * layout.Width)..],
                D = _workspace.Deltas.Span[(row * layout.Width)..], DWRec = _workspace.Gradients.Span[layout.WRec],
                Scratch = _workspace.GradientScratch.Span, Panel = _crew.PanelOf(member), IsCopied = isShared,
                Pattern = _pattern.Of(member),
            };
            if (isShared)
            {
                _kernels.CopyStates(block);
                _crew.Meet();
            }
            _kernels.AccumulateRecurrentGradient(block);
        }
    }

    /// <summary>
    /// One step back from the first one, without input and readout. It leaves ∂L/∂r₋₁ in the carry (form rate), or α·∂L/∂v₋₁ as δ (form
    /// voltage), of every row that began there; rows share their initial state, so these are added.
    /// </summary>
    private void InitialStateGradient(int member)
    {
        var mine = _crew.ColumnsOf(member);
        var layout = _workspace.Layout;
        int width = layout.Width, rows = Tree.PaddedRows(0);
        Span<float> d = _workspace.Deltas.Span;
        var silence = ReadoutAt(0);
        if (member == 0) silence.Clear();
        _crew.Meet();
        _kernels.BackwardStep(new BackwardOperands
        {
            Rows = rows, Units = layout.Units, Stride = _workspace.Stride, DNext = d[(_workspace.BlockRows * width)..],
            Packed = _workspace.PackedTransposed.Span, X = InputsAt(0), Dy = silence, WOut = _workspace.Parameters.Span[layout.WOut],
            H = _workspace.States.Span, D = d, Edge = _workspace.Edges, Columns = mine, Leak = LeakAt(0, pullsRates: false),
            Pattern = _pattern.Of(member),
        });
        var all = KeepsVoltage ? d : _workspace.Carry.Span;
        var sums = _workspace.Gradients.Span[layout.InitialState];
        for (var j = mine.First; j < Math.Min(layout.Units, mine.End(width)); j++)
        {
            var sum = 0.0;
            for (var row = 0; row < rows; row++) sum += all[row * width + j];
            sums[j] = (float)(KeepsVoltage ? sum / _workspace.Alpha[j] : sum);
        }
    }

    /// <summary>
    /// Adds the δ of the rows born at step t to their parents', and clears it: a copied state passes its gradient to the original.
    /// </summary>
    private void Fold(int t, Span<float> d, Columns mine)
    {
        if (t == 0) return;
        var width = _workspace.Layout.Width;
        for (var row = Tree.Rows(t) - 1; row >= Tree.Rows(t - 1); row--)
        {
            Join(d.Slice(row * width, width), d.Slice(Tree.Parent(row) * width, width));
            if (_kernels.HasLeak && !KeepsVoltage) Join(RowOf(_workspace.Carry, row), RowOf(_workspace.Carry, Tree.Parent(row)));
        }

        void Join(Span<float> own, Span<float> parents)
        {
            _kernels.Add(mine.Of(own), mine.Of(parents));
            mine.Of(own).Clear();
        }
    }

    /// <summary>total (+=) values, in some columns of rows.</summary>
    private void AddRows(ReadOnlySpan<float> values, Span<float> total, Columns columns)
    {
        var width = _workspace.Layout.Width;
        for (var row = 0; row < values.Length; row += width)
            _kernels.Add(columns.Of(values.Slice(row, width)), columns.Of(total.Slice(row, width)));
    }

    /// <summary>A member's part of the gradients of what is trained, from those of what acts.</summary>
    private void PullBack(int member)
    {
        var layout = _workspace.Layout;
        var gradients = _workspace.Gradients.Span;
        var (first, end) = _crew.RowsOf(member, layout.Units);
        _effective?.PullBack(_workspace.Parameters.Span[layout.WRec], gradients[layout.WRec], layout.Width, first, end);
        if (_trained is null) return;
        _crew.Meet();
        Span<float> own = _crew.PartOf(member, gradients), trained = _crew.PartOf(member, _trained.Span);
        for (var i = 0; i < own.Length; i++) own[i] *= trained[i];
    }
}
