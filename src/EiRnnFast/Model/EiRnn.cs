using EiRnnFast.Kernels;
using EiRnnFast.Numerics;

namespace EiRnnFast.Model;

/// <summary>
/// A recurrent network: h_t = tanh(x_t·W_in + h_{t−1}·W_rec + b), h_{−1} = 0; y_t = h_t·W_out + b_out
/// (arXiv 2208.10304, model), or with another cell (<see cref="CellSpec"/>). THE place where the orientation is defined: states are row
/// vectors, so W_rec[i, j] runs from unit i (presynaptic, row) to unit j (postsynaptic, column). All arrays row-major, single precision.
/// </summary>
public sealed class EiRnn
{
    private readonly float[] _wIn, _wRec, _bias, _wOut, _bOut, _initialState, _trained;
    private readonly EffectiveWeights? _effective;

    private EiRnn(NetworkSpec spec, long? seed, float[] wIn, float[] wRec, float[] bias, float[] wOut, float[] bOut,
        float[]? initialState = null, WiringMasks? masks = null)
    {
        _initialState = initialState ?? new float[spec.Units];
        (Spec, Seed, Masks) = (spec, seed, masks);
        (_wIn, _trained, _bias) = (wIn, wRec, bias);
        (_wOut, _bOut) = (wOut, bOut);
        WiringMasks.Apply(masks?.Input, wIn);
        WiringMasks.Apply(masks?.Recurrent, wRec);
        WiringMasks.Apply(masks?.Output, wOut);
        _effective = EffectiveWeights.Of(spec);
        _wRec = _effective is null ? wRec : new float[wRec.Length];
        FormEffectiveWeights();
    }

    /// <summary>Sizes, sign constraint and initialisation.</summary>
    public NetworkSpec Spec { get; private set; }

    /// <summary>The seed of its weights; null for weights that came from elsewhere.</summary>
    public long? Seed { get; }

    /// <summary>N.</summary>
    public int Units => Spec.Units;

    /// <summary>I.</summary>
    public int Inputs => Spec.Inputs;

    /// <summary>O.</summary>
    public int Outputs => Spec.Outputs;

    /// <summary>W_in, [I×N] (Keras: kernel).</summary>
    public Span<float> InputWeights => _wIn;

    /// <summary>
    /// W_rec as it acts, [N×N], from row to column (Keras: recurrent_kernel). In the sign modes magnitude and rectified it follows from
    /// <see cref="TrainedRecurrentWeights"/>: to change it, change those, and call <see cref="FormEffectiveWeights"/>.
    /// </summary>
    public Span<float> RecurrentWeights => _wRec;

    /// <summary>V, [N×N]: the weights that are trained, W_rec itself in the sign mode projection.</summary>
    public Span<float> TrainedRecurrentWeights => _trained;

    /// <summary>Which weights exist; null where all do.</summary>
    public WiringMasks? Masks { get; }

    /// <summary>Forms W_rec from V, where they differ.</summary>
    public void FormEffectiveWeights() => _effective?.Form(_trained, _wRec, Units);

    /// <summary>b, [N].</summary>
    public Span<float> Bias => _bias;

    /// <summary>W_out, [N×O] (Keras: dense kernel).</summary>
    public Span<float> OutputWeights => _wOut;

    /// <summary>b_out, [O].</summary>
    public Span<float> OutputBias => _bOut;

    /// <summary>r₋₁ of the form rate, v₋₁ of the form voltage, [N]; 0 unless given or trained.</summary>
    public Span<float> InitialState => _initialState;

    /// <summary>
    /// Draws a network: W_rec as the spec says, W_in and W_out Glorot uniform on ±√(6/(fan_in + fan_out)), biases 0.
    /// Masks and time constants are drawn from the seed as well. No weight is projected; the first update of a training does that.
    /// </summary>
    /// <param name="spec">Sizes, sign constraint and initialisation.</param>
    /// <param name="seed">0 or above; the same seed gives the same bits.</param>
    /// <exception cref="InvalidInputException">A setting that cannot be used, or a spectral radius that the matrix cannot have.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge, of an initialisation to a spectral radius.</exception>
    public static EiRnn Create(NetworkSpec spec, long seed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        if (seed < 0) throw InvalidInputException.Of("seed", seed, "0 or above", "choose another seed");
        spec = spec with { Cell = spec.Cell.Drawn(spec.Units, seed) };
        var initialState = new float[spec.Units];
        Array.Fill(initialState, (float)spec.Cell.InitialState);
        var init = spec.Init ?? throw InvalidInputException.Of("initialisation", null, "one of RecurrentInit's", "set NetworkSpec.Init");
        var network = new EiRnn(spec, seed,
            GlorotUniform(spec.Inputs, spec.Units, new RandomStream(seed, "input weights")),
            init.Draw(spec, seed), new float[spec.Units],
            GlorotUniform(spec.Units, spec.Outputs, new RandomStream(seed, "output weights")),
            new float[spec.Outputs], initialState, spec.Wiring.Draw(spec, seed));
        if (init.SpectralRadius is { } radius)
            network.Spec = spec with { Init = init with { RadiusScale = InitialRadius.Reach(network, radius) } };
        return network;
    }

    /// <summary>A network from given weights, which are copied. Row-major; a null bias is zero.</summary>
    /// <param name="spec">Sizes and constraint; its Init may be null.</param>
    /// <param name="wIn">W_in, [I×N].</param>
    /// <param name="wRec">W_rec, [N×N]; V in the sign modes magnitude and rectified.</param>
    /// <param name="bias">b, [N], or empty.</param>
    /// <param name="wOut">W_out, [N×O].</param>
    /// <param name="bOut">b_out, [O], or empty.</param>
    /// <param name="seed">The seed that drew them, if known.</param>
    /// <param name="initialState">r₋₁ or v₋₁, [N]; 0 when empty.</param>
    /// <param name="masks">Which weights exist; those that do not are set to 0.</param>
    /// <exception cref="InvalidInputException">An array of the wrong length or with a value that is not finite.</exception>
    public static EiRnn FromWeights(NetworkSpec spec, ReadOnlySpan<float> wIn, ReadOnlySpan<float> wRec, ReadOnlySpan<float> bias,
        ReadOnlySpan<float> wOut, ReadOnlySpan<float> bOut, long? seed = null, ReadOnlySpan<float> initialState = default,
        WiringMasks? masks = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        masks?.Validate(spec);
        int n = spec.Units;
        return new EiRnn(spec, seed, Checked("W_in", wIn, spec.Inputs * n), Checked("W_rec", wRec, n * n),
            bias.IsEmpty ? new float[n] : Checked("b", bias, n), Checked("W_out", wOut, n * spec.Outputs),
            bOut.IsEmpty ? new float[spec.Outputs] : Checked("b_out", bOut, spec.Outputs),
            initialState.IsEmpty ? null : Checked("initial state", initialState, n), masks);
    }

    /// <summary>A copy that shares nothing.</summary>
    public EiRnn Clone() => new(Spec, Seed, [.. _wIn], [.. _trained], [.. _bias], [.. _wOut], [.. _bOut], [.. _initialState], Masks);

    /// <summary>Runs trials through the network.</summary>
    /// <param name="x">Inputs, [trials×steps×I].</param>
    /// <param name="trials">Number of trials.</param>
    /// <param name="kernels">The kernel set; the current one unless said.</param>
    /// <param name="noiseSeed">Any number, for a run with the noise of the network's own cell; null for none. The noise is a function of
    /// the seed, the trial's place, the step and the unit: the same bits for any kernel set.</param>
    /// <returns>Outputs [trials×steps×O] and rates [trials×steps×N].</returns>
    /// <exception cref="InvalidInputException">x does not divide into trials, or noise of a network without any.</exception>
    public (float[] Outputs, float[] States) Run(ReadOnlySpan<float> x, int trials, KernelSet? kernels = null, long? noiseSeed = null) =>
        ForwardPass.Run(this, x, trials, kernels ?? KernelSet.Current, noiseSeed);

    private static float[] GlorotUniform(int fanIn, int fanOut, RandomStream random)
    {
        var limit = Math.Sqrt(6.0 / (fanIn + fanOut));
        var w = new float[fanIn * fanOut];
        for (var i = 0; i < w.Length; i++) w[i] = (float)(limit * (2 * random.NextUniform() - 1));
        return w;
    }

    private static float[] Checked(string name, ReadOnlySpan<float> values, int expected)
    {
        if (values.Length != expected)
            throw InvalidInputException.Of(name, $"{values.Length} values", $"{expected}", "check the sizes of the network");
        foreach (var value in values)
            if (!float.IsFinite(value))
                throw InvalidInputException.Of(name, value, "finite weights only", "the file is damaged or its training diverged");
        return values.ToArray();
    }
}
