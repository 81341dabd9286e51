using EiRnnFast.Numerics;

namespace EiRnnFast.Training;

/// <summary>What is added to the loss of the task; all 0 unless said. The norm of a gradient is that of the total.</summary>
public sealed record Penalties
{
    /// <summary>None.</summary>
    public static Penalties None { get; } = new();

    internal static readonly ValueRange WeightRange = new(0, float.MaxValue);

    /// <summary>Of the mean of r² over trials, steps and units. No states are shared then.</summary>
    public double L2Rate { get; init; }

    /// <summary>Of Σ|W_rec|, W_rec as it acts.</summary>
    public double L1Recurrent { get; init; }

    /// <summary>Of Σ W_rec².</summary>
    public double L2Recurrent { get; init; }

    /// <summary>Of the wiring cost Σ C_ij·|W_ij|.</summary>
    public double CostWeight { get; init; }

    /// <summary>C; null for none.</summary>
    public WiringCost? Cost { get; init; }

    /// <summary>Whether weights are penalised.</summary>
    internal bool HasWeights => L1Recurrent != 0 || L2Recurrent != 0 || CostWeight != 0;

    /// <summary>Checks every number.</summary>
    /// <exception cref="InvalidInputException">The first that cannot be used.</exception>
    internal void Validate(int units)
    {
        foreach (var (name, weight) in new[] { ("l2_rate", L2Rate), ("l1_recurrent", L1Recurrent), ("l2_recurrent", L2Recurrent),
            ("cost_weight", CostWeight) })
            WeightRange.Require(name, weight, 0.0);
        if (CostWeight > 0 && Cost is null)
            throw InvalidInputException.Of("cost_weight", "no costs", "cost_file or cost_box beside it",
                "give the costs, or leave the weight out");
        if (Cost is not null && CostWeight == 0)
            throw InvalidInputException.Of("cost_weight", "0, with costs beside it", "a weight above 0",
                "give the weight, or leave the costs out");
        Cost?.Validate(units);
    }

    /// <summary>What the weights cost; adds its gradient. |W| has the slope 0 at 0.</summary>
    /// <param name="w">W_rec as it acts, rows <paramref name="stride"/> floats apart.</param>
    /// <param name="gradient">dW_rec, likewise; added to.</param>
    /// <param name="units">N.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    internal double AddWeights(ReadOnlySpan<float> w, Span<float> gradient, int units, int stride)
    {
        double magnitudes = 0, squares = 0, costs = 0;
        for (var i = 0; i < units; i++)
            for (var j = 0; j < units; j++)
            {
                double weight = w[i * stride + j], cost = Cost?.Values[i * units + j] ?? 0;
                magnitudes += Math.Abs(weight);
                squares += weight * weight;
                costs += cost * Math.Abs(weight);
                gradient[i * stride + j] += (float)((L1Recurrent + CostWeight * cost) * Math.Sign(weight) + 2 * L2Recurrent * weight);
            }
        return L1Recurrent * magnitudes + L2Recurrent * squares + CostWeight * costs;
    }
}
