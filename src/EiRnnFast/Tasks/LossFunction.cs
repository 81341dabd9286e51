namespace EiRnnFast.Tasks;

/// <summary>What is made small over the targets y and outputs ŷ, with weights m.</summary>
public enum LossFunction
{
    /// <summary>Σ m(y − ŷ)²/Σ m (the published code).</summary>
    MeanSquare,

    /// <summary>Σ m·(−Σ_o y_o·log softmax(ŷ)_o)/Σ m: y are probabilities, one output per answer.</summary>
    CrossEntropy,

    /// <summary>None: terms of one's own are all that is made small (<c>TrainingOptions.Terms</c>).</summary>
    None,
}
