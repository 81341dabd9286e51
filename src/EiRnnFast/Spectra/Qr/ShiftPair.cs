namespace EiRnnFast.Spectra.Qr;

/// <summary>Two shifts: real ones, or a conjugate pair.</summary>
/// <param name="Re1">Real part of the first.</param>
/// <param name="Im1">Imaginary part of the first.</param>
/// <param name="Re2">Real part of the second.</param>
/// <param name="Im2">Imaginary part of the second.</param>
internal readonly unsafe record struct ShiftPair(double Re1, double Im1, double Re2, double Im2)
{
    /// <summary>Size of the larger one, |re| + |im|.</summary>
    public double Size => Math.Max(Math.Abs(Re1) + Math.Abs(Im1), Math.Abs(Re2) + Math.Abs(Im2));

    /// <summary>The eigenvalues of [a b; c d] where they are a pair, else the one nearer to d, twice.</summary>
    public static ShiftPair Of(double a, double b, double c, double d)
    {
        var scale = Math.Abs(a) + Math.Abs(b) + Math.Abs(c) + Math.Abs(d);
        if (scale == 0) return default;
        (a, b, c, d) = (a / scale, b / scale, c / scale, d / scale);
        var middle = (a + d) / 2;
        var determinant = (a - middle) * (d - middle) - b * c;
        var root = Math.Sqrt(Math.Abs(determinant));
        if (determinant >= 0) return new(middle * scale, root * scale, middle * scale, -root * scale);
        var nearer = (Math.Abs(middle + root - d) <= Math.Abs(middle - root - d) ? middle + root : middle - root) * scale;
        return new(nearer, 0, nearer, 0);
    }

    /// <summary>
    /// A multiple of the first column of (H − s₁)(H − s₂), of the 3×3 block at <paramref name="h"/> (LAPACK's dlaqr1).
    /// </summary>
    public (double V0, double V1, double V2) FirstColumn(double* h, nint row)
    {
        double h11 = h[0], h21 = h[row], h22 = h[row + 1], h32 = h[2 * row + 1], h33 = h[2 * row + 2], h31 = h[2 * row];
        var scale = Math.Abs(h11 - Re2) + Math.Abs(Im2) + Math.Abs(h21) + Math.Abs(h31);
        if (scale == 0) return default;
        double second = h21 / scale, third = h31 / scale;
        var v0 = (h11 - Re1) * ((h11 - Re2) / scale) - Im1 * (Im2 / scale) + h[1] * second + h[2] * third;
        var v1 = second * (h11 + h22 - Re1 - Re2) + h[row + 2] * third;
        var v2 = third * (h11 + h33 - Re1 - Re2) + second * h32;
        var sum = Math.Abs(v0) + Math.Abs(v1) + Math.Abs(v2);
        return sum == 0 ? default : (v0 / sum, v1 / sum, v2 / sum);
    }
}
