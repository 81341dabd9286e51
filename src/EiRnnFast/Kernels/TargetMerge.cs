using System.Numerics;

namespace EiRnnFast.Kernels;

/// <summary>
/// The squared error of trials that share a row: Σ_i m_i(ŷ − y_i)² = M(ŷ − ȳ)² + [Σ m_i(y_i − r)² − D²/M], with M = Σ m_i,
/// D = Σ m_i(y_i − r), ȳ = r + D/M and r one of the targets, so that equal targets merge without rounding.
/// </summary>
internal static class TargetMerge
{
    /// <summary>
    /// weight (+=) m, deviation (+=) m(y − r); returns (Σ m, Σ m(y − r)²). All spans of equal length; an empty mask is all ones.
    /// </summary>
    public static (double Weight, double Squares) Add(ReadOnlySpan<float> y, ReadOnlySpan<float> mask, ReadOnlySpan<float> r,
        Span<float> weight, Span<float> deviation)
    {
        Vector<float> weights = default, squares = default;
        var i = 0;
        for (; i <= y.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var m = mask.IsEmpty ? Vector<float>.One : new Vector<float>(mask[i..]);
            var difference = new Vector<float>(y[i..]) - new Vector<float>(r[i..]);
            (new Vector<float>(weight[i..]) + m).CopyTo(weight[i..]);
            (new Vector<float>(deviation[i..]) + m * difference).CopyTo(deviation[i..]);
            weights += m;
            squares += m * difference * difference;
        }
        double totalWeight = Vector.Sum(weights), totalSquares = Vector.Sum(squares);
        for (; i < y.Length; i++)
        {
            var (m, difference) = (mask.IsEmpty ? 1 : mask[i], y[i] - r[i]);
            weight[i] += m;
            deviation[i] += m * difference;
            totalWeight += m;
            totalSquares += m * difference * difference;
        }
        return (totalWeight, double.IsFinite(totalSquares) ? totalSquares : SquaresInDouble(y, mask, r));
    }

    /// <summary>Σ m(y − r)² where a difference above 1.8e19 has no finite square in single precision.</summary>
    private static double SquaresInDouble(ReadOnlySpan<float> y, ReadOnlySpan<float> mask, ReadOnlySpan<float> r)
    {
        var squares = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var difference = (double)y[i] - r[i];
            squares += (mask.IsEmpty ? 1 : mask[i]) * difference * difference;
        }
        return squares;
    }

    /// <summary>target (+=) deviation/weight where there is weight, which turns r into ȳ; returns Σ D²/M.</summary>
    public static double Finish(ReadOnlySpan<float> weight, ReadOnlySpan<float> deviation, Span<float> target)
    {
        if (!deviation.ContainsAnyExcept(0f)) return 0; // every target equal to its row's: the rule without target noise
        var squares = 0.0;
        for (var i = 0; i < target.Length; i++)
        {
            if (weight[i] == 0) continue;
            var mean = deviation[i] / weight[i];
            target[i] += mean;
            squares += (double)deviation[i] * mean;
        }
        return squares;
    }
}
