using EiRnnFast.Model;
using EiRnnFast.Numerics;

namespace EiRnnFast.Dynamics;

/// <summary>How far copies of a trial drift apart after a push: ‖h'_t − h_t‖ over the size of the push, h the map's state.</summary>
public sealed record PerturbationResponse
{
    /// <summary>The step after which states are pushed.</summary>
    public required int Step { get; init; }

    /// <summary>Size of the push, Euclidean.</summary>
    public required double Size { get; init; }

    /// <summary>Pushed copies of each trial, in random directions.</summary>
    public required int Copies { get; init; }

    /// <summary>
    /// Relative distance 0, 1, 2 … steps after the push: mean and standard error over trials, of each trial the mean over its copies.
    /// </summary>
    public required IReadOnlyList<Estimate> Distance { get; init; }

    /// <summary>Pushes copies of trials.</summary>
    /// <param name="network">The network.</param>
    /// <param name="x">Inputs, [trials×T×I].</param>
    /// <param name="trials">Trials.</param>
    /// <param name="step">After which states are pushed, 0 to T − 2.</param>
    /// <param name="size">Euclidean length of the push, above 0.</param>
    /// <param name="copies">Per trial, 1 or more.</param>
    /// <param name="seed">Of the directions, 0 or above.</param>
    /// <param name="cancellation">Checked before every trial.</param>
    /// <exception cref="InvalidInputException">Inputs that do not fit, or a setting out of range.</exception>
    public static PerturbationResponse Of(EiRnn network, ReadOnlySpan<float> x, int trials, int step, double size = 0.01, int copies = 10,
        long seed = 1, CancellationToken cancellation = default)
    {
        var map = RecurrentMap.Of(network);
        map.RequireTrials(x, trials);
        var steps = x.Length / (trials * map.Inputs);
        if (step < 0 || step > steps - 2)
            throw InvalidInputException.Of("step of the push", step, $"0 to {steps - 2}", "choose a step within the trial");
        if (!(size is > 0 and < 1e3)) throw InvalidInputException.Of("size of the push", size, "above 0", "0.01 is usual");
        if (copies < 1) throw InvalidInputException.Of("copies", copies, "1 or more", "10 is usual");
        var random = new RandomStream(seed, "perturbations");
        var distances = new double[steps - step][]; // [time][trial]
        for (var t = 0; t < distances.Length; t++) distances[t] = new double[trials];
        var direction = new double[map.Units];
        for (var trial = 0; trial < trials; trial++)
        {
            cancellation.ThrowIfCancellationRequested();
            var inputs = x.Slice(trial * steps * map.Inputs, steps * map.Inputs);
            var whole = Trajectory.Of(map, inputs).States;
            for (var copy = 0; copy < copies; copy++)
            {
                for (var i = 0; i < direction.Length; i++) direction[i] = random.NextGaussian();
                var length = Math.Sqrt(direction.Sum(value => value * value));
                double[] pushed = [.. whole[step].Zip(direction, (h, d) => h + size * d / length)];
                var drift = Trajectory.Of(map, inputs[((step + 1) * map.Inputs)..], pushed).States;
                distances[0][trial] += 1.0 / copies;
                for (var t = 1; t < distances.Length; t++) distances[t][trial] += Apart(drift[t - 1], whole[step + t]) / size / copies;
            }
        }
        return new PerturbationResponse { Step = step, Size = size, Copies = copies, Distance = [.. distances.Select(Estimate.Of)] };
    }

    private static double Apart(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(sum);
    }
}
