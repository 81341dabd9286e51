using System.Diagnostics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>
/// Loss and gradients of one batch: gather rows, pack, forward with loss, backward. Full backpropagation through time,
/// no truncation.
/// </summary>
internal sealed class BatchGradient
{
    private readonly TrainingWorkspace _workspace;
    private readonly KernelSet _kernels;
    private readonly BatchRows _rows;
    private readonly float[] _initialState;
    private readonly EffectiveWeights? _effective;
    private readonly AlignedBuffer? _trained;
    private readonly StateNoise? _noise;
    private readonly int[] _trialOfRow;
    private readonly Penalties _penalties;
    private readonly LossFunction _loss;
    private readonly LossTerms? _terms;
    private readonly float[] _ratePull;
    private int _updates;

    /// <summary>Prepares for batches of at most the workspace's batch size; <see cref="Use"/> says of which trials.</summary>
    /// <param name="workspace">Memory and weights.</param>
    /// <param name="network">What is trained, for its initial state and masks.</param>
    /// <param name="options">Loss, sharing of states while inputs agree, frozen tensors and penalties.</param>
    /// <param name="noise">Noise of the states, which are then not shared.</param>
    public BatchGradient(TrainingWorkspace workspace, EiRnn network, TrainingOptions options, StateNoise? noise = null)
    {
        (_workspace, _kernels) = (workspace, workspace.Kernels);
        (_initialState, _noise, _penalties, _loss) = (network.InitialState.ToArray(), noise, options.Penalties, options.Loss);
        _terms = LossTerms.Of(options, workspace);
        var inputNoise = InputNoise.Of(network.Spec, network.Seed ?? 0);
        var sharing = options.Sharing && noise is null && inputNoise is null && _penalties.L2Rate == 0 && _terms is null;
        _rows = new BatchRows(workspace, sharing, inputNoise);
        _effective = EffectiveWeights.Of(network.Spec);
        var frozen = options.Frozen;
        _trained = network.Masks is null && frozen is [] ? null : Trained(workspace.Layout, network, frozen);
        _trialOfRow = new int[workspace.BatchSize];
        _ratePull = new float[_penalties.L2Rate == 0 ? 0 : _kernels.PadRows(workspace.BatchSize)];
    }

    /// <summary>Prepares for batches of <paramref name="data"/>.</summary>
    public BatchGradient(TrainingWorkspace workspace, TrialBatch data, EiRnn network, TrainingOptions options, StateNoise? noise = null)
        : this(workspace, network, options, noise) => Use(data);

    /// <summary>Hidden states that the batches so far had, B·T each, and how many of them were computed.</summary>
    public long States { get; private set; }
    public long StatesComputed { get; private set; }

    /// <summary>Of the last batch, without penalties.</summary>
    public double TaskLoss { get; private set; }

    private TrajectoryTree Tree => _rows.Tree;

    private TrialBatch Data => _rows.Data;

    /// <summary>Takes batches from these trials from now on; at most the workspace's steps.</summary>
    public void Use(TrialBatch data) => _rows.Use(data);

    /// <summary>How many of these trials weigh something in the loss.</summary>
    public int WeightedTrials(ReadOnlySpan<int> trials) => _rows.WeightedTrials(trials);

    /// <summary>Mean loss of the batch, penalties included; its gradients are in the workspace.</summary>
    public double Compute(ReadOnlySpan<int> trials)
    {
        var (weight, residual) = _rows.Gather(trials, _updates);
        States += (long)trials.Length * Data.Steps;
        StatesComputed += Tree.StatesComputed;
        Pack();
        var scale = weight == 0 ? 0 : 1 / weight;
        if (_penalties.L2Rate > 0) SetRatePull(trials.Length);
        var loss = TaskLoss = _loss switch
        {
            LossFunction.MeanSquare => scale * (Forward(trials, 2 * scale) + residual),
            LossFunction.CrossEntropy => scale * Data.Outputs * Forward(trials, scale * Data.Outputs), // all outputs of a step weigh m
            LossFunction.None => Forward(trials, 0),
            _ => throw new UnreachableException($"no loss {_loss}"),
        };
        if (_terms is not null)
        {
            loss += _terms.Add(Data, Tree, trials.Length, _updates, ActingWeights);
            _terms.PassGradients(Data, Tree, trials.Length, _workspace.Readout.Span, _workspace.OutputBiasGradient);
            if (_loss == LossFunction.None) TaskLoss = loss;
        }
        Backward();
        var layout = _workspace.Layout;
        var gradients = _workspace.Gradients.Span;
        _updates++;
        if (_penalties.L2Rate > 0) loss += RateLoss(trials.Length);
        if (_penalties.HasWeights) loss += _penalties.AddWeights(ActingWeights, gradients[layout.WRec], layout.Units, layout.Width);
        _terms?.AddRecurrent(gradients[layout.WRec]);
        _effective?.PullBack(_workspace.Parameters.Span[layout.WRec], gradients[layout.WRec], layout.Width);
        if (_trained is { Span: var trained })
            for (var i = 0; i < gradients.Length; i++) gradients[i] *= trained[i];
        return loss;
    }

    /// <summary>1 for weights that are trained, 0 for those that do not exist or are frozen and for padding.</summary>
    private static AlignedBuffer Trained(ParameterLayout layout, EiRnn network, IReadOnlyList<NetworkTensor> frozen)
    {
        static float[] Ones(IReadOnlyList<bool>? mask, int length) =>
            mask is null ? [.. Enumerable.Repeat(1f, length)] : [.. mask.Select(exists => exists ? 1f : 0)];
        int n = network.Units, inputs = network.Inputs, outputs = network.Outputs;
        var spec = network.Spec with { Signs = SignConstraint.None, Init = null, Wiring = Wiring.Full };
        var masks = network.Masks;
        var marked = EiRnn.FromWeights(spec, Ones(masks?.Input, inputs * n), Ones(masks?.Recurrent, n * n), Ones(null, n),
            Ones(masks?.Output, n * outputs), Ones(null, outputs), initialState: Ones(null, n));
        var trained = new AlignedBuffer(layout.Length);
        layout.CopyFrom(marked, trained.Span);
        foreach (var tensor in frozen) trained.Span[layout.Tensors[(int)tensor]].Clear();
        return trained;
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

    private void Pack()
    {
        _effective?.Form(_workspace.Parameters.Span[_workspace.Layout.WRec], _workspace.Effective.Span, _workspace.Layout.Width);
        var wRec = ActingWeights;
        _kernels.Pack(wRec, _workspace.Layout.Units, transpose: false, _workspace.Packed.Span);
        _kernels.Pack(wRec, _workspace.Layout.Units, transpose: true, _workspace.PackedTransposed.Span);
    }

    /// <summary>All hidden states, the sum of the loss, Σ m(ŷ − ȳ)² or Σ m·entropy, and dL/dŷ.</summary>
    private double Forward(ReadOnlySpan<int> trials, double scale)
    {
        var layout = _workspace.Layout;
        ReadOnlySpan<float> parameters = _workspace.Parameters.Span, packed = _workspace.Packed.Span;
        int width = layout.Width, stride = _workspace.Stride, output = layout.Outputs * stride;
        Array.Clear(_workspace.OutputBiasGradient);
        StartingState.Fill(_workspace.Spec, layout.TrainsInitialState ? parameters[layout.InitialState] : _initialState, width,
            StatesAt(0, 0, Tree.PaddedRows(0)), _workspace.Kept.Span);
        var loss = 0.0;
        for (var t = 0; t < Data.Steps; t++)
        {
            var rows = Tree.PaddedRows(t);
            ReadOnlySpan<float> hPrevious = StatesAt(t, 0, rows);
            var h = StatesAt(t + 1, 0, rows);
            FillNoise(t, trials);
            _kernels.ForwardStep(new ForwardOperands
            {
                Rows = rows, Units = layout.Units, Stride = stride, HPrevious = hPrevious, Packed = packed, X = InputsAt(t),
                WIn = parameters[layout.WIn], Bias = parameters[layout.Bias], H = h, Leak = LeakAt(t),
            });
            var y = _workspace.Readout.Span.Slice(t * output, output);
            _kernels.Readout(new ReadoutOperands
            {
                Rows = rows, Units = layout.Units, Stride = stride, H = h,
                WOut = parameters[layout.WOut], BOut = parameters[layout.BOut][..layout.Outputs], Y = y,
            });
            _terms?.Keep(Data, trials.Length, t, y);
            var operands = new LossOperands
            {
                Stride = stride, Scale = scale, Target = _workspace.Targets.Span.Slice(t * output, output),
                Weight = _workspace.Weights.Span.Slice(t * output, output), Y = y, DBOut = _workspace.OutputBiasGradient,
            };
            if (_loss == LossFunction.MeanSquare) loss += _kernels.LossGradient(operands);
            else if (_loss == LossFunction.CrossEntropy) loss += _kernels.CrossEntropyGradient(operands);
            else y.Clear();
            for (var row = Tree.Rows(t); row < Tree.Rows(t + 1); row++)
            {
                StatesAt(t + 1, Tree.Parent(row), 1).CopyTo(StatesAt(t + 1, row, 1));
                if (KeepsVoltage) RowOf(_workspace.Kept, Tree.Parent(row)).CopyTo(RowOf(_workspace.Kept, row));
            }
        }
        return loss;

        Span<float> StatesAt(int step, int row, int rows) =>
            _workspace.States.Span.Slice((Tree.Offset(step) + row) * width, rows * width);
    }

    private void FillNoise(int step, ReadOnlySpan<int> trials)
    {
        if (_noise is null) return;
        var rows = Tree.Rows(step);
        for (var row = 0; row < rows; row++) _trialOfRow[row] = trials[Tree.TrialOf(row)];
        _noise.Fill(_updates, _trialOfRow.AsSpan(0, rows), step, _workspace.Noise.Span, _workspace.Layout.Width);
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

    private void Backward()
    {
        var layout = _workspace.Layout;
        ReadOnlySpan<float> parameters = _workspace.Parameters.Span, states = _workspace.States.Span;
        ReadOnlySpan<float> packed = _workspace.PackedTransposed.Span, readout = _workspace.Readout.Span;
        Span<float> gradients = _workspace.Gradients.Span, deltas = _workspace.Deltas.Span;
        int width = layout.Width, stride = _workspace.Stride, inputs = layout.Inputs;
        var edges = _workspace.EdgeGradients.Span;
        var edge = new EdgeGradients
        {
            WIn = edges[..(inputs * width)], Bias = edges.Slice(inputs * width, width), WOut = edges[((inputs + 1) * width)..],
        };
        gradients.Clear();
        var following = deltas[(_workspace.BlockRows * width)..];
        following.Clear();
        _workspace.Carry.Span.Clear();
        for (int end = Data.Steps, first; end > 0; end = first)
        {
            first = end - 1;
            while (first > 0 && Tree.Offset(end) - Tree.Offset(first - 1) <= _workspace.BlockRows) first--;
            edges.Clear();
            for (var t = end - 1; t >= first; t--)
            {
                var rows = Tree.PaddedRows(t);
                var dNext = t == end - 1 ? following : deltas[((Tree.Offset(t + 1) - Tree.Offset(first)) * width)..];
                Fold(t + 1, dNext);
                _kernels.BackwardStep(new BackwardOperands
                {
                    Rows = rows, Units = layout.Units, Stride = stride, DNext = dNext, Packed = packed, X = InputsAt(t),
                    Dy = readout[(t * layout.Outputs * stride)..], WOut = parameters[layout.WOut],
                    H = states[(Tree.Offset(t + 1) * width)..], D = deltas[((Tree.Offset(t) - Tree.Offset(first)) * width)..],
                    Edge = edge, Leak = LeakAt(t),
                });
            }
            _kernels.AccumulateRecurrentGradient(new RecurrentGradientOperands
            {
                Rows = Tree.Offset(end) - Tree.Offset(first), Units = layout.Units, HPrevious = states[(Tree.Offset(first) * width)..],
                D = deltas, DWRec = gradients[layout.WRec], Scratch = _workspace.GradientScratch.Span,
            });
            _kernels.Add(edge.WIn, gradients[layout.WIn]);
            _kernels.Add(edge.Bias, gradients[layout.Bias]);
            _kernels.Add(edge.WOut, gradients[layout.WOut]);
            deltas[..(Tree.PaddedRows(first) * width)].CopyTo(following);
        }
        if (layout.TrainsInitialState) InitialStateGradient(edge);
        var dBOut = gradients[layout.BOut];
        for (var o = 0; o < layout.Outputs; o++) dBOut[o] = (float)_workspace.OutputBiasGradient[o];
    }

    /// <summary>
    /// One step back from the first one, without input and readout. It leaves ∂L/∂r₋₁ in the carry (form rate), or α·∂L/∂v₋₁ as δ (form
    /// voltage), of every row that began there; rows share their initial state, so these are added.
    /// </summary>
    private void InitialStateGradient(EdgeGradients edge)
    {
        var layout = _workspace.Layout;
        int width = layout.Width, rows = Tree.PaddedRows(0);
        Span<float> gradients = _workspace.Gradients.Span, d = _workspace.Deltas.Span;
        var following = d[(_workspace.BlockRows * width)..];
        var silence = _workspace.Readout.Span[..(layout.Outputs * _workspace.Stride)];
        silence.Clear();
        _kernels.BackwardStep(new BackwardOperands
        {
            Rows = rows, Units = layout.Units, Stride = _workspace.Stride, DNext = following, Packed = _workspace.PackedTransposed.Span,
            X = InputsAt(0), Dy = silence, WOut = _workspace.Parameters.Span[layout.WOut], H = _workspace.States.Span, D = d, Edge = edge,
            Leak = LeakAt(0, pullsRates: false),
        });
        var all = KeepsVoltage ? d : _workspace.Carry.Span;
        var sums = gradients[layout.InitialState];
        for (var j = 0; j < layout.Units; j++)
        {
            var sum = 0.0;
            for (var row = 0; row < rows; row++) sum += all[row * width + j];
            sums[j] = (float)(KeepsVoltage ? sum / _workspace.Alpha[j] : sum);
        }
    }

    /// <summary>
    /// Adds the δ of the rows born at step t to their parents', and clears it: a copied state passes its gradient to the original.
    /// </summary>
    private void Fold(int t, Span<float> d)
    {
        var width = _workspace.Layout.Width;
        for (var row = Tree.Rows(t) - 1; row >= Tree.Rows(t - 1); row--)
        {
            Join(d.Slice(row * width, width), d.Slice(Tree.Parent(row) * width, width));
            if (_kernels.HasLeak && !KeepsVoltage) Join(RowOf(_workspace.Carry, row), RowOf(_workspace.Carry, Tree.Parent(row)));
        }

        void Join(Span<float> own, Span<float> parents)
        {
            _kernels.Add(own, parents);
            own.Clear();
        }
    }
}
