namespace EiRnnFast.Spectra.Qr;

/// <summary>Real 2×2 blocks in standard form: triangular, or equal diagonal entries and off-diagonal ones of opposite signs.</summary>
/// <param name="A">Upper left.</param>
/// <param name="B">Upper right.</param>
/// <param name="C">Lower left; 0 where both eigenvalues are real.</param>
/// <param name="D">Lower right.</param>
/// <param name="Cosine">Of the rotation that was applied.</param>
/// <param name="Sine">Likewise: the first new row is c·first + s·second.</param>
internal readonly record struct StandardBlock(double A, double B, double C, double D, double Cosine, double Sine)
{
    private const double Ulp = 1.0 / (1L << 52);

    /// <summary>Half the distance of a conjugate pair; 0 for real eigenvalues.</summary>
    public double Imaginary => C == 0 ? 0 : Math.Sqrt(Math.Abs(B)) * Math.Sqrt(Math.Abs(C));

    /// <summary>Brings [a b; c d] to standard form (Bai and Demmel 1993; LAPACK's dlanv2).</summary>
    public static StandardBlock Of(double a, double b, double c, double d)
    {
        double cosine = 1, sine = 0;
        if (c == 0) return new(a, b, c, d, cosine, sine);
        if (b == 0) return new(d, -c, 0, a, 0, 1);
        if (a - d == 0 && Math.Sign(b) != Math.Sign(c)) return new(a, b, c, d, cosine, sine);
        double difference = a - d, half = 0.5 * difference;
        double larger = Math.Max(Math.Abs(b), Math.Abs(c));
        var smaller = Math.Min(Math.Abs(b), Math.Abs(c)) * Math.Sign(b) * Math.Sign(c);
        var scale = Math.Max(Math.Abs(half), larger);
        var z = half / scale * half + larger / scale * smaller;
        if (z >= 4 * Ulp) // real eigenvalues
        {
            z = half + Math.CopySign(Math.Sqrt(scale) * Math.Sqrt(z), half);
            a = d + z;
            d -= larger / z * smaller;
            var length = Hypotenuse(c, z);
            return new(a, b - c, 0, d, z / length, c / length);
        }
        // complex eigenvalues, or real ones that are almost equal: make the diagonal equal
        var sigma = b + c;
        var tau = Hypotenuse(sigma, difference);
        cosine = Math.Sqrt(0.5 * (1 + Math.Abs(sigma) / tau));
        sine = -(half / (tau * cosine)) * (sigma < 0 ? -1 : 1);
        double aa = a * cosine + b * sine, bb = -a * sine + b * cosine, cc = c * cosine + d * sine, dd = -c * sine + d * cosine;
        a = aa * cosine + cc * sine;
        b = bb * cosine + dd * sine;
        c = -aa * sine + cc * cosine;
        d = -bb * sine + dd * cosine;
        a = d = 0.5 * (a + d);
        if (c == 0) return new(a, b, c, d, cosine, sine);
        if (b == 0) return new(a, -c, 0, d, -sine, cosine);
        if (Math.Sign(b) != Math.Sign(c)) return new(a, b, c, d, cosine, sine);
        // real after all
        double rootB = Math.Sqrt(Math.Abs(b)), rootC = Math.Sqrt(Math.Abs(c)), split = Math.CopySign(rootB * rootC, c);
        var inverse = 1 / Math.Sqrt(Math.Abs(b + c));
        double cosine1 = rootB * inverse, sine1 = rootC * inverse;
        return new(a + split, b - c, 0, d - split, cosine * cosine1 - sine * sine1, cosine * sine1 + sine * cosine1);
    }

    private static double Hypotenuse(double x, double y)
    {
        double larger = Math.Max(Math.Abs(x), Math.Abs(y)), ratio = larger == 0 ? 0 : Math.Min(Math.Abs(x), Math.Abs(y)) / larger;
        return larger * Math.Sqrt(1 + ratio * ratio);
    }
}
