namespace EiRnnFast.Model;

/// <summary>What the sign constraint has left of a network's weights.</summary>
/// <param name="Violations">
/// Weights of W_rec, W_in and W_out with a forbidden sign, and weights that no mask allows; 0 after any update.
/// </param>
/// <param name="Zeros">Entries of W_rec that are exactly 0.</param>
/// <param name="ZeroFraction">Zeros / N².</param>
/// <param name="ZeroRows">Rows of W_rec without a nonzero weight: units that reach no unit.</param>
/// <param name="ZeroColumns">Columns of W_rec without a nonzero weight: units that no unit reaches.</param>
public sealed record SignAudit(int Violations, int Zeros, double ZeroFraction, int ZeroRows, int ZeroColumns)
{
    /// <summary>Counts over one network.</summary>
    public static SignAudit Of(EiRnn network)
    {
        ArgumentNullException.ThrowIfNull(network);
        int n = network.Units, violations = 0, zeros = 0;
        int[] rowWeights = new int[n], columnWeights = new int[n];
        var constraint = network.Spec.Signs;
        var signs = WeightSigns.Of(network.Spec);
        var w = network.RecurrentWeights;
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
            {
                var weight = w[i * n + j];
                if (weight == 0)
                {
                    zeros++;
                    continue;
                }
                rowWeights[i]++;
                columnWeights[j]++;
                if (weight * signs.Of(i, j) < 0) violations++;
            }
        if (constraint.NonNegativeInput)
            foreach (var weight in network.InputWeights)
                if (weight < 0) violations++;
        if (constraint.NonNegativeOutput)
            foreach (var weight in network.OutputWeights)
                if (weight < 0) violations++;
        violations += Present(network.Masks?.Input, network.InputWeights) + Present(network.Masks?.Recurrent, w)
            + Present(network.Masks?.Output, network.OutputWeights);
        return new SignAudit(violations, zeros, (double)zeros / ((long)n * n), rowWeights.Count(k => k == 0),
            columnWeights.Count(k => k == 0));
    }

    /// <summary>Weights that the mask does not allow and that are not 0.</summary>
    private static int Present(IReadOnlyList<bool>? mask, ReadOnlySpan<float> weights)
    {
        if (mask is null) return 0;
        var count = 0;
        for (var i = 0; i < weights.Length; i++) count += !mask[i] && weights[i] != 0 ? 1 : 0;
        return count;
    }
}
