using EiRnnFast.Spectra;

namespace EiRnnFast.Model;

/// <summary>Initialisation to a spectral radius.</summary>
internal static class InitialRadius
{
    /// <summary>An eigenvalue below this times the largest weight is what rounding leaves of 0.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Scales the weights so that the largest |λ| of W_rec as it acts, after projection, is <paramref name="radius"/>.</summary>
    /// <returns>The factor.</returns>
    /// <exception cref="InvalidInputException">All eigenvalues are 0.</exception>
    public static double Reach(EiRnn network, double radius)
    {
        var n = network.Units;
        var w = new double[n * n];
        for (var i = 0; i < w.Length; i++) w[i] = network.RecurrentWeights[i];
        w = WeightSigns.Of(network.Spec).Projected(w) ?? w;
        var largest = w.Max(Math.Abs);
        var found = EigenSolver.Current.Eigenvalues(w, n)[0].Magnitude;
        if (!(found > Rounding * largest))
            throw InvalidInputException.Of("spectral_radius", "a recurrent matrix whose eigenvalues are all 0",
                "one that a factor can bring to that radius", "allow autapses or more projections, or leave the radius out");
        // One bit pattern for any LAPACK: their eigenvalues agree beyond single precision.
        var scale = (float)(radius / found);
        foreach (ref var weight in network.TrainedRecurrentWeights) weight *= scale;
        network.FormEffectiveWeights();
        return scale;
    }
}
