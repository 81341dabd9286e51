using System.Diagnostics;
using EiRnnFast.Kernels.Cells;
using EiRnnFast.Numerics;

namespace EiRnnFast.Model;

/// <summary>Where the leak of a cell is.</summary>
public enum CellForm
{
    /// <summary>r_t = (1−α)∘r_{t−1} + α∘f(z_t) (Yang et al. 2019).</summary>
    Rate,

    /// <summary>v_t = (1−α)∘v_{t−1} + α∘z_t, r_t = f(v_t) (Song et al. 2016).</summary>
    Voltage,
}

/// <summary>f, from what reaches a unit to its rate.</summary>
public enum Activation
{
    /// <summary>tanh z.</summary>
    Tanh,

    /// <summary>max(0, z).</summary>
    Relu,

    /// <summary>ln(1 + exp z).</summary>
    Softplus,

    /// <summary>1/(1 + exp(−z)).</summary>
    Sigmoid,

    /// <summary>z.</summary>
    Linear,
}

/// <summary>
/// What a unit does with the sum z_t = r_{t−1}·W_rec + x_t·W_in + b that reaches it. The published network (arXiv 2208.10304, model)
/// has r_t = tanh z_t: no leak, no initial state.
/// </summary>
public sealed record CellSpec
{
    /// <summary>The published network's.</summary>
    public static CellSpec Published { get; } = new();

    internal static readonly ValueRange AlphaRange = new(0, 1, AboveLeast: true), NoiseRange = new(0, float.MaxValue),
        MillisecondsRange = new(0, 1e9, AboveLeast: true), StateRange = new(-1e6, 1e6);

    /// <summary>Where the leak is. Without a leak it only says what an initial state is.</summary>
    public CellForm Form { get; init; } = CellForm.Rate;

    /// <summary>f.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>α of all units, above 0 and at most 1; 1 is no leak. With <see cref="Tau"/> it is dt/τ.</summary>
    public double Alpha { get => Tau is { } tau ? StepMs / tau : field; init; } = 1;

    /// <summary>α of each unit, [N]; null where all have <see cref="Alpha"/>.</summary>
    public IReadOnlyList<double>? AlphaPerUnit { get; init; }

    /// <summary>τ, the time constant in ms, of all units or, with <see cref="TauMost"/>, the shortest; null where α is given.</summary>
    public double? Tau { get; init; }

    /// <summary>The longest τ in ms: each unit's is drawn, uniform from <see cref="Tau"/> to this, from the network's seed; null for one
    /// τ.</summary>
    public double? TauMost { get; init; }

    /// <summary>dt, ms of one step; with <see cref="Tau"/> only, 1 unless said.</summary>
    public double? Dt { get; init; }

    /// <summary>r₋₁ of the form rate, v₋₁ of the form voltage, of every unit; before training, where it is trained.</summary>
    public double InitialState { get; init; }

    /// <summary>σ of the noise of the states in training, 0 or above: z is given √(2/α)·σ·ξ, ξ standard normal.</summary>
    public double Noise { get; init; }

    /// <summary>σ of the noise of the inputs in training, 0 or above: every channel and step is given √(2/α)·σ·ξ.</summary>
    public double InputNoise { get; init; }

    /// <summary>Whether the initial state is trained, as a sixth tensor.</summary>
    public bool TrainInitialState { get; init; }

    private double StepMs => Dt ?? 1;

    /// <summary>Whether trainings have noise.</summary>
    public bool IsNoisy => Noise != 0 || InputNoise != 0;

    /// <summary>Whether this is the published network's cell.</summary>
    public bool IsPublished => this == Published;

    /// <summary>Whether the kernels need α. A trained initial state needs ∂L/∂r, which cells with a leak carry.</summary>
    internal bool HasLeak => AlphaPerUnit is not null || TauMost is not null || Alpha != 1 || TrainInitialState || Noise != 0
        || CarriesGradient;

    /// <summary>Whether ∂L/∂r is needed for another reason: a penalty of the rates, or a term of one's own.</summary>
    internal bool CarriesGradient { get; init; }

    /// <summary>The kernels' cell.</summary>
    internal Cell Kernels => Cell.Of(Activation switch
    {
        Activation.Tanh => Cell.Tanh,
        Activation.Relu => Cell.Relu,
        Activation.Softplus => Cell.Softplus,
        Activation.Sigmoid => Cell.Sigmoid,
        Activation.Linear => Cell.Linear,
        _ => throw new UnreachableException($"no cell of {Activation}"),
    }, HasLeak, Form == CellForm.Voltage);

    /// <summary>α of a unit.</summary>
    internal double AlphaOf(int unit) => AlphaPerUnit?[unit] ?? Alpha;

    /// <summary>The cell with the α of each unit, where τ is drawn.</summary>
    internal CellSpec Drawn(int units, long seed)
    {
        if (TauMost is not { } most || Tau is not { } least || AlphaPerUnit is not null) return this;
        var random = new RandomStream(seed, "time constants");
        // In single precision, as files and kernels have it.
        return this with
        {
            AlphaPerUnit = [.. Enumerable.Range(0, units).Select(_ =>
            (double)(float)(StepMs / (least + (most - least) * random.NextUniform())))]
        };
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="InvalidInputException">The first that cannot be used.</exception>
    internal void Validate(int units)
    {
        Required.Known(Form, "cell");
        Required.Known(Activation, "activation");
        ValidateTimes();
        AlphaRange.Require("alpha", Alpha, 1.0);
        StateRange.Require("initial_state", InitialState, 0.0);
        NoiseRange.Require("noise_rec", Noise, 0.0);
        NoiseRange.Require("noise_in", InputNoise, 0.0);
        if (AlphaPerUnit is null) return;
        if (AlphaPerUnit.Count != units)
            throw InvalidInputException.Of("alpha", $"{AlphaPerUnit.Count} values", $"{units}, one a unit",
                "give one number, or one a unit");
        foreach (var alpha in AlphaPerUnit) AlphaRange.Require("alpha", alpha, 1.0);
    }

    private void ValidateTimes()
    {
        if (Tau is not { } tau)
        {
            if ((TauMost ?? Dt) is not null)
                throw InvalidInputException.Of(TauMost is null ? "dt" : "tau_max", "no tau", "tau beside it",
                    "give tau, or leave it out");
            return;
        }
        MillisecondsRange.Require("tau", tau, 100.0);
        MillisecondsRange.Require("dt", StepMs, 1.0);
        if (tau < StepMs)
            throw InvalidInputException.Of("tau", $"{tau} ms, shorter than one step of {StepMs} ms", "a time constant of one step or more",
                "use a longer tau, or a shorter dt");
        if (TauMost is { } most && !(most >= tau && MillisecondsRange.Holds(most)))
            throw InvalidInputException.Of("tau_max", $"{most} ms", $"{tau} ms, as tau is, or more", "use a longer tau_max");
    }
}
