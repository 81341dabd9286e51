using EiRnnFast.Model;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Networks built by hand, one input and one output of weight 0 unless said.</summary>
internal static class Nets
{
    public static EiRnn Of(int units, float[] wRec, float[]? bias = null, float[]? wIn = null) => EiRnn.FromWeights(
        new NetworkSpec { Units = units, Inputs = 1, Outputs = 1, Signs = SignConstraint.None, Init = null }, wIn ?? new float[units], wRec,
        bias ?? [], new float[units], []);

    /// <summary>gain times a rotation by an angle in the plane.</summary>
    public static EiRnn Rotation(double gain, double angle) => Of(2,
        [(float)(gain * Math.Cos(angle)), (float)(gain * Math.Sin(angle)), (float)(-gain * Math.Sin(angle)),
            (float)(gain * Math.Cos(angle))]);

    /// <summary>States spread evenly over the cube, seeded.</summary>
    public static double[][] Cube(int units, int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, units).Select(_ => 2 * random.NextDouble() - 1).ToArray())];
    }

    /// <summary>The positive solution of a = tanh(w·a), w > 1, by bisection.</summary>
    public static double Plateau(double w)
    {
        double low = 1e-6, high = 1;
        for (var i = 0; i < 200; i++)
        {
            var middle = (low + high) / 2;
            if (Math.Tanh(w * middle) > middle) low = middle; else high = middle;
        }
        return low;
    }
}
