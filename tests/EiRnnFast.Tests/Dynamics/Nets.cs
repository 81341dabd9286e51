using EiRnnFast.Model;

namespace EiRnnFast.Tests.Dynamics;

/// <summary>Networks built by hand, one input and one output of weight 0 unless said.</summary>
internal static class Nets
{
    public static EiRnn Of(int units, float[] wRec, float[]? bias = null, float[]? wIn = null) => EiRnn.FromWeights(
        new NetworkSpec { Units = units, Inputs = 1, Outputs = 1, Signs = SignConstraint.None, Init = null }, wIn ?? new float[units], wRec,
        bias ?? [], new float[units], []);

    /// <summary>The same weights in another cell.</summary>
    public static EiRnn With(EiRnn network, CellSpec cell, float[]? initialState = null) => EiRnn.FromWeights(
        network.Spec with { Cell = cell }, network.InputWeights, network.TrainedRecurrentWeights, network.Bias, network.OutputWeights,
        network.OutputBias, network.Seed, initialState ?? network.InitialState);

    /// <summary>Random weights, two inputs, biases that are not 0.</summary>
    public static EiRnn Random(int units, double gain, CellSpec cell, SignConstraint? signs = null, long seed = 5)
    {
        var network = EiRnn.Create(new NetworkSpec
        {
            Units = units, Inputs = 2, Outputs = 1, Signs = signs ?? SignConstraint.None, Init = RecurrentInit.Normal(gain),
        }, seed);
        var random = new Random(7);
        for (var j = 0; j < units; j++) network.Bias[j] = (float)(random.NextDouble() - 0.5);
        return With(network, cell, [.. Enumerable.Range(0, units).Select(_ => (float)random.NextDouble())]);
    }

    /// <summary>α of every unit by name: none, one of all, or one a unit.</summary>
    public static CellSpec Cell(Activation activation, CellForm form, string alpha, int units = 0) => new()
    {
        Activation = activation, Form = form, Alpha = alpha == "leak" ? 0.3 : 1,
        AlphaPerUnit = alpha == "per unit" ? [.. Enumerable.Range(0, units).Select(j => 0.1 + 0.9 * j / Math.Max(1, units - 1))] : null,
    };

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
