using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Cells;
using EiRnnFast.Model;

namespace EiRnnFast.Dynamics;

/// <summary>
/// A network as a map of its state in double precision, under a constant input x and without noise. The state is the rate,
/// F(r) = (1 − α)∘r + α∘f(z) with z = r·W_rec + x·W_in + b, or, in the form voltage with a leak,
/// F(v) = (1 − α)∘v + α∘(f(v)·W_rec + x·W_in + b). The published network is F(h) = tanh(z) (arXiv 2208.10304, model).
/// States are row vectors: W_rec[i, j] runs from unit i to unit j.
/// </summary>
public sealed class RecurrentMap
{
    /// <summary>Beyond this a state that runs freely counts as one that grows without bound.</summary>
    private const double Farthest = 1e6;

    private readonly Cell _cell;
    private readonly bool _hasLeak;
    private readonly double[] _wIn, _wRec, _bias, _drive, _alpha, _initial;

    private RecurrentMap(EiRnn network, ReadOnlySpan<double> input)
    {
        (Units, Inputs) = (network.Units, network.Inputs);
        (_wIn, _wRec, _bias) = (Doubles("W_in", network.InputWeights), Doubles("W_rec", network.RecurrentWeights),
            Doubles("b", network.Bias));
        _drive = new double[Units];
        Drive(input, _drive);
        var spec = network.Spec.Cell;
        _cell = spec.Kernels;
        _alpha = [.. Enumerable.Range(0, Units).Select(spec.AlphaOf)];
        _hasLeak = _alpha.AsSpan().ContainsAnyExcept(1.0);
        IsOfVoltages = _hasLeak && spec.Form == CellForm.Voltage;
        Range = RateRange.Of(spec.Activation);
        Signs = network.Spec.Signs;
        _initial = Doubles("initial state", network.InitialState);
        if (spec.Form == CellForm.Voltage && !_hasLeak) _cell.Values(_initial); // which rates follow, without a leak, is all that is left
    }

    /// <summary>N.</summary>
    public int Units { get; }

    /// <summary>I.</summary>
    public int Inputs { get; }

    /// <summary>Whether states are voltages v, with rates f(v); otherwise they are the rates.</summary>
    public bool IsOfVoltages { get; }

    /// <summary>The rates that units can have.</summary>
    public RateRange Range { get; }

    /// <summary>The state before the first step, [N]: r₋₁ or v₋₁.</summary>
    public ReadOnlySpan<double> Initial => _initial;

    /// <summary>W_rec, [N×N].</summary>
    internal ReadOnlySpan<double> Weights => _wRec;

    /// <summary>α, where all units have the same.</summary>
    internal double? Alpha => _alpha.AsSpan().ContainsAnyExcept(_alpha[0]) ? null : _alpha[0];

    /// <summary>α of every unit, [N].</summary>
    internal ReadOnlySpan<double> Alphas => _alpha;

    /// <summary>Variance of the weights of every unit's population, [N], as <see cref="JacobianTheory"/> takes it.</summary>
    internal double[] WeightVariances => field ??= JacobianTheory.VariancesOf(this);

    /// <summary>The sign constraint.</summary>
    internal SignConstraint Signs { get; }

    /// <summary>The states that fixed points are looked for among: the rates' range; voltages have no bounds of their own.</summary>
    internal RateRange StateRange => IsOfVoltages ? RateRange.Endless : Range;

    /// <summary>Copies a network's weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">x, [I]; empty for 0.</param>
    /// <exception cref="InvalidInputException">An input of another length, or a weight or input that is not finite.</exception>
    public static RecurrentMap Of(EiRnn network, ReadOnlySpan<double> input = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!input.IsEmpty && input.Length != network.Inputs)
            throw InvalidInputException.Of("constant input", $"{input.Length} values",
                $"{network.Inputs}, one per input channel of the network", "give one value per channel");
        foreach (var value in input)
            if (!double.IsFinite(value))
                throw InvalidInputException.Of("constant input", value, "finite values only", "choose another input");
        return new RecurrentMap(network, input);
    }

    /// <summary>next = F(h) under the map's own constant input.</summary>
    /// <param name="h">State, [N].</param>
    /// <param name="next">Overwritten, [N]; not h itself.</param>
    public void Step(ReadOnlySpan<double> h, Span<double> next) => StepAndSlopes(h, next, default);

    /// <summary>next = F(h) under the input of one timestep.</summary>
    /// <param name="h">State, [N].</param>
    /// <param name="x">Input, [I]; empty for 0.</param>
    /// <param name="next">Overwritten, [N]; not h itself.</param>
    public void Step(ReadOnlySpan<double> h, ReadOnlySpan<double> x, Span<double> next) =>
        StepAndSlopes(h, x, next, default);

    /// <summary>∂F_j/∂h_i = (1 − α_j)·δ_ij + α_j·f′·W_rec[i, j] at a state, with f′ at z_j, or at v_i of voltages.</summary>
    /// <param name="h">State, [N].</param>
    /// <param name="jacobian">Overwritten, [N×N], row i holds what h_i changes.</param>
    public void Jacobian(ReadOnlySpan<double> h, Span<double> jacobian)
    {
        double[] next = new double[Units], slopes = new double[Units];
        StepAndSlopes(h, next, slopes);
        Linear(slopes, jacobian);
    }

    /// <summary>The rates of a state, [N]: the state itself, or f(v).</summary>
    /// <param name="h">State, [N].</param>
    public double[] Rates(ReadOnlySpan<double> h)
    {
        double[] rates = [.. h];
        if (IsOfVoltages) _cell.Values(rates);
        return rates;
    }

    /// <summary>States of trials from <see cref="Initial"/>, [trials×steps×N], computed in double precision.</summary>
    /// <param name="x">Inputs, [trials×steps×I].</param>
    /// <param name="trials">Trials.</param>
    /// <exception cref="InvalidInputException">Inputs that do not divide into trials.</exception>
    public float[] States(ReadOnlySpan<float> x, int trials)
    {
        RequireTrials(x, trials);
        var (length, at) = (x.Length / trials, 0);
        var states = new float[(long)x.Length / Inputs * Units];
        for (var trial = 0; trial < trials; trial++)
            foreach (var state in Trajectory.Of(this, x.Slice(trial * length, length)).States)
                foreach (var value in state) states[at++] = (float)value;
        return states;
    }

    /// <summary>Checks that inputs are whole trials of one step or more.</summary>
    internal void RequireTrials(ReadOnlySpan<float> x, int trials)
    {
        if (trials < 1 || x.IsEmpty || x.Length % ((long)trials * Inputs) != 0)
            throw InvalidInputException.Of("inputs", $"{x.Length} values for {trials} trials", $"trials×steps×{Inputs}",
                "check the shape of x");
    }

    /// <summary>next = F(h) and, unless empty, f′ at h as <see cref="Push"/> takes it, under the map's own constant input.</summary>
    internal void StepAndSlopes(ReadOnlySpan<double> h, Span<double> next, Span<double> slopes)
    {
        _drive.CopyTo(next);
        Recur(h, next, slopes);
    }

    /// <summary>The same under the input of one timestep.</summary>
    internal void StepAndSlopes(ReadOnlySpan<double> h, ReadOnlySpan<double> x, Span<double> next, Span<double> slopes)
    {
        Drive(x, next);
        Recur(h, next, slopes);
    }

    /// <summary>The state some steps after h under the map's own constant input; h itself where it grows without bound.</summary>
    internal double[] Run(ReadOnlySpan<double> h, int steps)
    {
        double[] state = [.. h], next = new double[Units];
        for (var t = 0; t < steps; t++)
        {
            Step(state, next);
            (state, next) = (next, state);
        }
        return state.AsSpan().ContainsAnyExceptInRange(-Farthest, Farthest) ? [.. h] : state;
    }

    /// <summary>The state that holds itself if units keep these rates: the rates, or v = r·W_rec + x·W_in + b.</summary>
    internal double[] Holding(double[] rates)
    {
        if (!IsOfVoltages) return rates;
        double[] voltages = [.. _drive];
        Accumulate(rates, voltages);
        return voltages;
    }

    /// <summary>The Jacobian, [N×N], from the slopes of a step.</summary>
    internal void Linear(ReadOnlySpan<double> slopes, Span<double> jacobian)
    {
        var ofColumn = IsOfVoltages ? _alpha : Product(_alpha, slopes);
        for (var i = 0; i < Units; i++)
        {
            var ofRow = IsOfVoltages ? slopes[i] : 1;
            for (var j = 0; j < Units; j++) jacobian[i * Units + j] = ofRow * ofColumn[j] * _wRec[i * Units + j];
        }
        for (var i = 0; i < Units && _hasLeak; i++) jacobian[i * Units + i] += 1 - _alpha[i];
    }

    /// <summary>∂F_j/∂x_c = α_j·f′_j·W_in[c, j], of voltages without f′, [I×N], from the slopes of a step.</summary>
    internal void InputLinear(ReadOnlySpan<double> slopes, Span<double> jacobian)
    {
        for (var c = 0; c < Inputs; c++)
            for (var j = 0; j < Units; j++)
                jacobian[c * Units + j] = _alpha[j] * (IsOfVoltages ? 1 : slopes[j]) * _wIn[c * Units + j];
    }

    /// <summary>image of a small change: next = d·J, with J from the slopes of a step.</summary>
    internal void Push(ReadOnlySpan<double> d, ReadOnlySpan<double> slopes, Span<double> next)
    {
        next.Clear();
        Accumulate(IsOfVoltages ? Product(d, slopes) : d, next);
        for (var j = 0; j < Units; j++) next[j] *= IsOfVoltages ? _alpha[j] : _alpha[j] * slopes[j];
        AddKept(d, next);
    }

    /// <summary>The transpose of <see cref="Push"/>: next = d·Jᵀ.</summary>
    internal void Pull(ReadOnlySpan<double> d, ReadOnlySpan<double> slopes, Span<double> next)
    {
        var reached = Product(d, _alpha);
        if (!IsOfVoltages) reached = Product(reached, slopes);
        for (var i = 0; i < Units; i++) next[i] = DoubleProducts.Dot(_wRec.AsSpan(i * Units, Units), reached);
        for (var i = 0; i < Units && IsOfVoltages; i++) next[i] *= slopes[i];
        AddKept(d, next);
    }

    private void Drive(ReadOnlySpan<double> x, Span<double> drive)
    {
        _bias.CopyTo(drive);
        for (var c = 0; c < x.Length; c++)
            if (x[c] != 0)
                for (var j = 0; j < Units; j++) drive[j] += x[c] * _wIn[c * Units + j];
    }

    /// <summary>From the drive in next to F(h): the one place of both forms.</summary>
    private void Recur(ReadOnlySpan<double> h, Span<double> next, Span<double> slopes)
    {
        if (IsOfVoltages)
        {
            var rates = Rates(h);
            if (!slopes.IsEmpty) _cell.Slopes(rates).CopyTo(slopes);
            Accumulate(rates, next);
        }
        else
        {
            Accumulate(h, next);
            _cell.Values(next);
            if (!slopes.IsEmpty) _cell.Slopes(next).CopyTo(slopes);
        }
        if (!_hasLeak) return;
        for (var j = 0; j < Units; j++) next[j] *= _alpha[j];
        AddKept(h, next);
    }

    /// <summary>What the leak leaves of a state, or of a change of it.</summary>
    private void AddKept(ReadOnlySpan<double> h, Span<double> next)
    {
        for (var j = 0; j < Units && _hasLeak; j++) next[j] += (1 - _alpha[j]) * h[j];
    }

    private void Accumulate(ReadOnlySpan<double> h, Span<double> sum)
    {
        for (var i = 0; i < Units; i++)
        {
            var own = h[i];
            if (own == 0) continue;
            var row = _wRec.AsSpan(i * Units, Units);
            for (var j = 0; j < row.Length; j++) sum[j] += own * row[j];
        }
    }

    private static double[] Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var product = new double[a.Length];
        for (var i = 0; i < a.Length; i++) product[i] = a[i] * b[i];
        return product;
    }

    private static double[] Doubles(string name, ReadOnlySpan<float> values)
    {
        var copy = new double[values.Length];
        for (var i = 0; i < copy.Length; i++)
            copy[i] = float.IsFinite(values[i])
                ? values[i]
                : throw InvalidInputException.Of(name, values[i], "finite weights only", "the file is damaged or its training diverged");
        return copy;
    }
}
