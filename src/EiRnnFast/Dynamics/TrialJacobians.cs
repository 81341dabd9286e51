using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Threads;

namespace EiRnnFast.Dynamics;

/// <summary>The Jacobians of one step of a trial.</summary>
/// <param name="Trial">The trial, from 0.</param>
/// <param name="Step">The step, from 0: the one that leads to h_t under x_t.</param>
/// <param name="Spectrum">Of ∂h_t/∂h_{t−1}.</param>
/// <param name="InputGains">Singular values of ∂h_t/∂x_t, largest first.</param>
public sealed record TrialJacobian(int Trial, int Step, JacobianSpectrum Spectrum, IReadOnlyList<double> InputGains);

/// <summary>Jacobians ∂h_t/∂h_{t−1} and ∂h_t/∂x_t along trials: where the state is, not where it would rest.</summary>
public sealed record TrialJacobians
{
    /// <summary>The steps looked at, from 0.</summary>
    public required IReadOnlyList<int> Steps { get; init; }

    /// <summary>Trials looked at.</summary>
    public required int Trials { get; init; }

    /// <summary>Trial by trial and step by step; without steps of <see cref="Escaped"/>.</summary>
    public required IReadOnlyList<TrialJacobian> All { get; init; }

    /// <summary>Steps without a Jacobian, since the state has grown beyond all numbers.</summary>
    public required int Escaped { get; init; }

    /// <summary>A measure over trials at each of <see cref="Steps"/>.</summary>
    /// <param name="measure">Of one Jacobian; null where it has none.</param>
    public IReadOnlyList<Estimate> ByStep(Func<TrialJacobian, double?> measure) =>
        [.. Steps.Select(step => Estimate.Of([.. All.Where(one => one.Step == step).Select(measure).OfType<double>()]))];

    /// <summary>The mean of a measure over all Jacobians; null where none has it.</summary>
    /// <param name="measure">Of one Jacobian; null where it has none.</param>
    public double? Mean(Func<TrialJacobian, double?> measure) =>
        All.Select(measure).OfType<double>().ToArray() is { Length: > 0 } values ? values.Average() : null;

    /// <summary>Follows trials from the network's initial state, without noise.</summary>
    /// <param name="network">The network.</param>
    /// <param name="x">Inputs, [trials×T×I].</param>
    /// <param name="trials">Trials.</param>
    /// <param name="steps">Steps of each that are looked at: the ends of as many equal parts of the trial; all where there are
    /// fewer.</param>
    /// <param name="progress">Called after every trial with the number done, one call at a time.</param>
    /// <param name="solver">Of the eigenvalues; the current one unless said.</param>
    /// <param name="threads">Threads to compute on; any number finds the same bits.</param>
    /// <param name="cancellation">Checked before every trial.</param>
    /// <exception cref="InvalidInputException">Inputs that do not fit the network, or fewer than one step.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    public static TrialJacobians Of(EiRnn network, ReadOnlySpan<float> x, int trials, int steps, Action<int>? progress = null,
        EigenSolver? solver = null, int threads = 1, CancellationToken cancellation = default)
    {
        ThreadBudget.Checked(threads);
        solver ??= EigenSolver.Current;
        var map = RecurrentMap.Of(network);
        map.RequireTrials(x, trials);
        if (steps < 1) throw InvalidInputException.Of("steps of Jacobians", steps, "1 or more", "10 is usual");
        var (length, inputs) = (x.Length / trials, x.ToArray());
        var all = length / map.Inputs;
        var count = Math.Min(steps, all);
        int[] at = [.. Enumerable.Range(1, count).Select(k => (int)((long)k * all / count) - 1)];
        var found = new TrialJacobian?[trials][];
        var tally = new Tally(progress);
        ThreadTeam.ForEach(trials, threads, trial =>
        {
            var trajectory = Trajectory.Of(map, inputs.AsSpan(trial * length, length));
            found[trial] = [.. at.Select(step => At(map, trajectory, trial, step, solver))];
            tally.Add();
        }, cancellation);
        TrialJacobian[] known = [.. found.SelectMany(one => one).OfType<TrialJacobian>()];
        return new TrialJacobians { Steps = at, Trials = trials, All = known, Escaped = trials * count - known.Length };
    }

    private static TrialJacobian? At(RecurrentMap map, Trajectory trajectory, int trial, int step, EigenSolver solver)
    {
        var slopes = trajectory.Slopes[step];
        if (trajectory.States[step].AsSpan().ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue)
            || slopes.AsSpan().ContainsAnyExceptInRange(-double.MaxValue, double.MaxValue)) return null;
        var input = new double[map.Inputs * map.Units];
        map.InputLinear(slopes, input);
        double[][] rows = [.. input.Chunk(map.Units)];
        return new TrialJacobian(trial, step, JacobianSpectrum.Of(map, slopes, solver), SingularVectors.ValuesOf(rows));
    }
}
