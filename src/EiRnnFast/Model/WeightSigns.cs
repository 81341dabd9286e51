namespace EiRnnFast.Model;

/// <summary>Whose sign each weight of W_rec has: THE place where the axis of the constraint is read.</summary>
internal sealed class WeightSigns
{
    private readonly int[] _signs;
    private readonly bool _bySource;

    private WeightSigns(NetworkSpec spec) =>
        (_signs, _bySource) = (spec.Signs.SignsOf(spec.Units), spec.Signs.Axis != SignAxis.Postsynaptic);

    public static WeightSigns Of(NetworkSpec spec) => new(spec);

    /// <summary>+1 or −1 for the weight from unit i to unit j; 0 without a constraint.</summary>
    public int Of(int i, int j) => _signs[_bySource ? i : j];

    /// <summary>A matrix [N×N] after the projection: weights of the wrong sign are 0. Null where no weight has the wrong sign.</summary>
    public double[]? Projected(ReadOnlySpan<double> matrix)
    {
        double[]? projected = null;
        for (var i = 0; i < _signs.Length; i++)
            for (var j = 0; j < _signs.Length; j++)
                if (matrix[i * _signs.Length + j] * Of(i, j) < 0) (projected ??= [.. matrix])[i * _signs.Length + j] = 0;
        return projected;
    }

    /// <summary>−1, 0 or +1 for each row and each column of W_rec, of which one kind is all 0.</summary>
    public (int[] Rows, int[] Columns) Split()
    {
        var none = new int[_signs.Length];
        return _bySource ? (_signs, none) : (none, _signs);
    }
}
