using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Spectra;
using EiRnnFast.Threads;

namespace EiRnnFast.Dynamics;

/// <summary>
/// Two things that are easily confused. Lyapunov exponents say what small deviations do in the long run: every trial goes on under its last
/// input until it rests or <see cref="SettlingSteps"/> have passed. At rest they are ln |λ| of the Jacobian, exactly. Elsewhere they are
/// means over
/// <see cref="MeasuredSteps"/> QR steps (Benettin et al. 1980), after <see cref="AligningSteps"/> that turn random directions into the
/// leading ones.
/// Finite-time growth says what the trial itself does at most: the largest singular value of the product of its Jacobians.
/// </summary>
public sealed record LyapunovExponents
{
    /// <summary>Most steps that a trial goes on to come to rest.</summary>
    public const int SettlingSteps = 2000;

    /// <summary>Steps that directions take to align, where a trial does not come to rest; not measured.</summary>
    public const int AligningSteps = 500;

    /// <summary>Steps that are averaged there; what is left of the directions' own lengths is of the order of 1/1000 a step.</summary>
    public const int MeasuredSteps = 1000;

    private const double RestSpeed = 1e-10; // Euclidean, a step
    private const double SameState = 1e-7; // two rests this near in every unit are one
    private const double Rounding = 1e-14; // times N and the largest |λ|: what rounding leaves of 0
    private const int MostPasses = 100; // forward and back; ten are usual

    /// <summary>Exponents in natural logarithms per step by rank, over those trials where they are finite: a deviation that vanishes has
    /// −∞.</summary>
    public required IReadOnlyList<Estimate> PerStep { get; init; }

    /// <summary>Trials in which the exponent of each rank is −∞.</summary>
    public required IReadOnlyList<int> Vanishing { get; init; }

    /// <summary>Trials whose state grows without bound under their last input, which have no exponents.</summary>
    public required int Escaping { get; init; }

    /// <summary>Trials that came to rest, where exponents are exact; those of the others are means over a finite time.</summary>
    public required int AtRest { get; init; }

    /// <summary>ln σ₁/T per step over trials, σ₁ the largest singular value of the product of a trial's T Jacobians: no deviation grows
    /// more.</summary>
    public required Estimate TrialGrowth { get; init; }

    /// <summary>Logarithm of how much the deviation of <see cref="TrialGrowth"/> has grown up to each step, [T], over trials; without
    /// those of σ₁ = 0.</summary>
    public required IReadOnlyList<Estimate> Growth { get; init; }

    /// <summary>Follows trials from the network's initial state, without noise.</summary>
    /// <param name="network">The network.</param>
    /// <param name="x">Inputs, [trials×T×I].</param>
    /// <param name="trials">Trials.</param>
    /// <param name="count">Exponents, 1 to N.</param>
    /// <param name="seed">Of the directions, which are drawn for every trial; 0 or above.</param>
    /// <param name="progress">Called after every trial with the number done, one call at a time.</param>
    /// <param name="solver">Of the Jacobians' eigenvalues; the current one unless said.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every trial.</param>
    /// <exception cref="InvalidInputException">Inputs that do not fit the network, or a count out of range.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    public static LyapunovExponents Of(EiRnn network, ReadOnlySpan<float> x, int trials, int count, long seed = 1,
        Action<int>? progress = null, EigenSolver? solver = null, int threads = 1, CancellationToken cancellation = default)
    {
        ThreadBudget.Checked(threads);
        solver ??= EigenSolver.Current;
        var map = RecurrentMap.Of(network);
        map.RequireTrials(x, trials);
        if (count < 1 || count > map.Units) throw InvalidInputException.Of("Lyapunov exponents", count, $"1 to {map.Units}",
            "ask for fewer");
        var random = new RandomStream(seed, "deviations");
        var (length, inputs) = (x.Length / trials, x.ToArray());
        var (exponents, growths) = (new double[trials][], new double[trials][]);
        List<(double[] State, double[] Exponents)> rests = [];
        var tally = new Tally(progress);
        var (atRest, perBlock) = (0, Math.Min(trials, 2 * threads)); // trajectories of a block are kept at once
        for (var first = 0; first < trials; first += perBlock)
        {
            var followed = new Followed[Math.Min(perBlock, trials - first)];
            ThreadTeam.ForEach(followed.Length, threads, i =>
                followed[i] = Followed.Of(network, map, inputs.AsSpan((first + i) * length, length)), cancellation);
            foreach (var trial in followed) trial.Draw(count, random); // in the order of the trials
            ThreadTeam.ForEach(followed.Length, threads, i =>
            {
                var trial = followed[i];
                growths[first + i] = GreatestGrowth(map, trial.Slopes, trial.Deviation);
                if (!trial.Rests) exponents[first + i] = OnTheMove(trial.Held, trial.State, trial.Directions);
                tally.Add();
            }, cancellation);
            foreach (var (i, trial) in followed.Index())
            {
                if (!trial.Rests) continue;
                atRest++;
                var known = rests.FindIndex(rest => !rest.State.Where((value, j) => Math.Abs(value - trial.State[j]) > SameState).Any());
                if (known < 0)
                {
                    known = rests.Count;
                    rests.Add((trial.State, AtPoint(trial.Held, trial.State, count, solver)));
                }
                exponents[first + i] = rests[known].Exponents;
            }
        }
        double[][] finite = [.. growths.Where(growth => double.IsFinite(growth[^1]))];
        var steps = growths[0].Length;
        return new LyapunovExponents
        {
            PerStep = [.. Enumerable.Range(0, count).Select(k => OfWeights([.. exponents.Select(one => one[k]).Where(double.IsFinite)]))],
            Vanishing = [.. Enumerable.Range(0, count).Select(k => exponents.Count(one => double.IsNegativeInfinity(one[k])))],
            Escaping = exponents.Count(one => double.IsNaN(one[0])), AtRest = atRest,
            TrialGrowth = OfWeights([.. finite.Select(growth => growth[^1] / steps)]),
            Growth = [.. Enumerable.Range(0, steps).Select(t => Estimate.Of([.. finite.Select(growth => growth[t])]))],
        };
    }

    /// <summary>With a standard error of 1e-6 at least: trials that agree to the last digit share the single precision of their
    /// weights.</summary>
    private static Estimate OfWeights(double[] values) =>
        Estimate.Of(values) is { StandardError: { } error } estimate
            ? estimate with { StandardError = Math.Max(error, FixedPoint.Rounding) }
            : Estimate.Of(values);

    /// <summary>Whether the state comes to rest; then next is its image.</summary>
    private static bool Settle(RecurrentMap map, ref double[] h, ref double[] next)
    {
        for (var t = 0; t < SettlingSteps; t++)
        {
            map.Step(h, next);
            var squares = 0.0;
            for (var i = 0; i < h.Length; i++) squares += (next[i] - h[i]) * (next[i] - h[i]);
            if (squares <= RestSpeed * RestSpeed) return true;
            (h, next) = (next, h);
        }
        return false;
    }

    private static double[] AtPoint(RecurrentMap map, double[] h, int count, EigenSolver solver)
    {
        var jacobian = new double[map.Units * map.Units];
        map.Jacobian(h, jacobian);
        var eigenvalues = solver.Eigenvalues(jacobian, map.Units);
        var least = Rounding * map.Units * eigenvalues[0].Magnitude;
        return [.. eigenvalues.Take(count).Select(z => z.Magnitude > least ? Math.Log(z.Magnitude) : double.NegativeInfinity)];
    }

    /// <summary>NaN for a state that grows beyond all numbers.</summary>
    private static double[] OnTheMove(RecurrentMap map, double[] h, double[][] q)
    {
        var count = q.Length;
        double[] sums = new double[count], lengths = new double[count];
        double[] image = new double[map.Units], slopes = new double[map.Units], next = new double[map.Units];
        Orthonormalise(q, lengths);
        for (var t = 0; t < AligningSteps + MeasuredSteps; t++)
        {
            map.StepAndSlopes(h, image, slopes);
            if (image.AsSpan().ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue))
                return [.. Enumerable.Repeat(double.NaN, count)];
            for (var k = 0; k < count; k++)
            {
                map.Push(q[k], slopes, next);
                next.CopyTo(q[k], 0);
            }
            Orthonormalise(q, lengths);
            for (var k = 0; k < count && t >= AligningSteps; k++) sums[k] += Math.Log(lengths[k]) / MeasuredSteps;
            (h, image) = (image, h);
        }
        return [.. sums.OrderDescending()];
    }

    /// <summary>ln of the growth up to each step of the deviation that grows most over the whole trial: power steps with the product and
    /// its transpose.</summary>
    private static double[] GreatestGrowth(RecurrentMap map, double[][] slopes, double[] v)
    {
        double[] next = new double[map.Units], growth = new double[slopes.Length];
        Normalise(v);
        var before = double.NegativeInfinity;
        for (var pass = 0; ; pass++)
        {
            var sum = 0.0;
            for (var t = 0; t < slopes.Length; t++)
            {
                map.Push(v, slopes[t], next);
                (v, next) = (next, v);
                growth[t] = sum += Math.Log(Normalise(v));
            }
            if (!double.IsFinite(sum) || pass == MostPasses || Math.Abs(sum - before) <= 1e-9) return growth;
            before = sum;
            for (var t = slopes.Length - 1; t >= 0; t--)
            {
                map.Pull(v, slopes[t], next);
                (v, next) = (next, v);
                Normalise(v);
            }
        }
    }

    private static double[] Direction(int n, RandomStream random) => [.. Enumerable.Range(0, n).Select(_ => random.NextGaussian())];

    private static double Normalise(double[] row)
    {
        var length = Length(row);
        for (var i = 0; i < row.Length && length > 0; i++) row[i] /= length;
        return length;
    }

    /// <summary>Rows orthonormal, with what is left of each as its length; a row without a rest of its own becomes 0.</summary>
    private static void Orthonormalise(double[][] rows, double[] lengths)
    {
        for (var k = 0; k < rows.Length; k++)
        {
            var row = rows[k];
            var before = Length(row);
            for (var pass = 0; pass < 2; pass++) // once leaves a remainder where rows are nearly parallel
                for (var l = 0; l < k; l++)
                {
                    var along = DoubleProducts.Dot(row, rows[l]);
                    for (var i = 0; i < row.Length; i++) row[i] -= along * rows[l][i];
                }
            lengths[k] = Normalise(row);
            if (lengths[k] > 1e-14 * before) continue;
            lengths[k] = 0; // rounding, no direction
            Array.Clear(row);
        }
    }

    private static double Length(double[] row)
    {
        var largest = 0.0;
        foreach (var value in row) largest = Math.Max(largest, Math.Abs(value));
        if (largest == 0) return 0;
        var squares = 0.0;
        foreach (var value in row) squares += value / largest * (value / largest); // which neither overflow nor vanish
        return largest * Math.Sqrt(squares);
    }

    /// <summary>A trial, where it leads under its last input, and the directions drawn for it.</summary>
    private sealed class Followed(double[][] slopes, RecurrentMap held, double[] state, bool rests)
    {
        public double[][] Slopes => slopes;

        public RecurrentMap Held => held;

        public double[] State => state;

        public bool Rests => rests;

        public double[] Deviation { get; private set; } = [];

        public double[][] Directions { get; private set; } = [];

        public static Followed Of(EiRnn network, RecurrentMap map, ReadOnlySpan<float> inputs)
        {
            var trajectory = Trajectory.Of(map, inputs);
            var held = RecurrentMap.Of(network, [.. inputs[^map.Inputs..].ToArray().Select(value => (double)value)]);
            double[] h = [.. trajectory.States[^1]], next = new double[map.Units];
            var rests = Settle(held, ref h, ref next);
            return new Followed(trajectory.Slopes, held, h, rests);
        }

        public void Draw(int count, RandomStream random)
        {
            Deviation = Direction(held.Units, random);
            if (!rests) Directions = [.. Enumerable.Range(0, count).Select(_ => Direction(held.Units, random))];
        }
    }
}
