namespace EiRnnFast.Kernels;

/// <summary>Masked mean squared error, Σ m·(ŷ − y)² / Σ m (0 when Σ m = 0), and its gradient. O(T·B·O): plain loops suffice.</summary>
internal static class MaskedLoss
{
    /// <summary>Σ m over <paramref name="count"/> targets, which is their number without a mask.</summary>
    public static double TotalWeight(ReadOnlySpan<float> mask, int count)
    {
        if (mask.IsEmpty) return count;
        var sum = 0.0;
        foreach (var m in mask) sum += m;
        return sum;
    }

    /// <summary>
    /// One timestep: returns Σ m·(ŷ − y)²; y (=) dL/dŷ = 2·m·(ŷ − y)/Σm in place of ŷ; dBOut (+=) Σ_r dL/dŷ.
    /// y, target [rows×O], mask likewise or empty; dBOut [O] in double, since it sums T·B terms that nearly cancel.
    /// </summary>
    public static double Gradient(Span<float> y, ReadOnlySpan<float> target, ReadOnlySpan<float> mask, double totalWeight, Span<double> dBOut)
    {
        var loss = 0.0;
        var scale = totalWeight == 0 ? 0 : 2 / totalWeight;
        for (int i = 0, o = 0; i < y.Length; i++)
        {
            var m = mask.IsEmpty ? 1.0 : mask[i];
            var error = (double)y[i] - target[i];
            loss += m * error * error;
            y[i] = (float)(scale * m * error);
            dBOut[o] += y[i];
            if (++o == dBOut.Length) o = 0;
        }
        return loss;
    }
}
