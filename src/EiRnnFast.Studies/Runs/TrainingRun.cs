using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;
using EiRnnFast.Threads;
using EiRnnFast.Training;

namespace EiRnnFast.Studies.Runs;

/// <summary>One network trained, with its spectra before and after.</summary>
/// <param name="Settings">What was asked for.</param>
/// <param name="Initial">The network as created, unprojected.</param>
/// <param name="Network">The network after its last finished epoch.</param>
/// <param name="Result">What the training did.</param>
/// <param name="InitialSpectrum">Spectrum of <paramref name="Initial"/>.</param>
/// <param name="Spectrum">Spectrum of <paramref name="Network"/>.</param>
public sealed record TrainingRun(
    RunSettings Settings, EiRnn Initial, EiRnn Network, TrainingResult Result, Spectrum InitialSpectrum, Spectrum Spectrum)
{
    /// <summary>Spectrum of the initial matrix after its projection, which is what the first update trains; null where nothing is
    /// projected.</summary>
    public Spectrum? ProjectedSpectrum { get; init; }

    /// <summary>How often spectra were found while it was trained; null for never.</summary>
    public SpectrumTracking? Tracking { get; init; }

    /// <summary>Those spectra, the first as created; empty when they were not tracked.</summary>
    public IReadOnlyList<TrackedSpectrum> TrackedSpectra { get; init; } = [];

    /// <summary>How it did beyond its training; null where that was not asked.</summary>
    public IReadOnlyList<GeneralisationRecord>? Generalisation { get; init; }

    /// <summary>Creates, trains and analyses.</summary>
    /// <exception cref="InvalidInputException">A setting that cannot be used.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <param name="settings">What is trained.</param>
    /// <param name="progress">Called after every update.</param>
    /// <param name="task">The settings' task, when its data sets are shared with other runs.</param>
    /// <param name="tracking">How often the spectrum is found while it is trained; null for never.</param>
    /// <param name="backend">What computes; the default unless said.</param>
    /// <param name="threads">How many threads may compute an update; one unless said. Results do not depend on it.</param>
    /// <param name="checkpoints">How it is kept while it is trained, and where it goes on; null for not at all.</param>
    /// <param name="generalise">What the trained network is tested on beyond its training; null for nothing.</param>
    /// <param name="cancellation">Checked before every update.</param>
    public static TrainingRun Execute(RunSettings settings, Action<TrainingProgress>? progress = null, ITask? task = null,
        SpectrumTracking? tracking = null, Backend? backend = null, ThreadBudget? threads = null,
        RunCheckpoints? checkpoints = null, Generalisation? generalise = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        generalise?.Validate(settings);
        backend ??= Backend.Default;
        var (kernels, solver) = backend;
        var network = settings.CreateNetwork();
        var initial = network.Clone();
        var initialSpectrum = Spectrum.Of(initial, solver);
        var posed = task ?? settings.PosedTask();
        var trainer = new Trainer(network, posed);
        var tracked = new SpectraBeside(solver, Math.Max(0, ThreadBudget.Cores - Math.Max(backend.Threads, threads?.Threads ?? 1)), Test);
        if (tracking is not null) tracked.Add(new TrackedSpectrum(0, initialSpectrum)); // which is tested when there are trials
        var keeping = checkpoints?.For(settings, tracking, tracked.All);
        if (tracking is not null)
            foreach (var earlier in checkpoints?.Tracked(initialSpectrum.Theory, solver.Name).Skip(1) ?? []) tracked.Add(earlier);
        var result = trainer.Run(settings.Training, progress, kernels,
            tracking is { CountsUpdates: false } ? AfterEpoch : null, tracking is { CountsUpdates: true } ? AfterUpdate : null,
            threads, keeping, cancellation);
        return new TrainingRun(settings, initial, network, result, initialSpectrum, Spectrum.Of(network, solver))
        {
            Tracking = tracking, Generalisation = generalise?.Test(settings, network, kernels),
            TrackedSpectra = [.. tracked.All().Select(one => one.At == 0 ? one with { Test = Test(initial) } : one)],
            ProjectedSpectrum = Spectrum.OfProjected([.. initial.RecurrentWeights.ToArray().Select(w => (double)w)], initial.Spec, solver),
        };

        TrialTest Test(EiRnn trained) =>
            TrialTest.WithSilentUnits(trained, posed, trainer.TestTrials!, settings.Training.Loss, kernels);

        void AfterEpoch(int epoch, EiRnn trained)
        {
            if (epoch % tracking!.Every == 0) tracked.Find(epoch, trained);
        }

        void AfterUpdate(int update, Func<EiRnn> copied)
        {
            if (update % tracking!.Every != 0) return;
            var copy = copied();
            if (!copy.RecurrentWeights.ContainsAnyExceptInRange(float.MinValue, float.MaxValue)) // else this epoch ends as diverged
                tracked.FindOfCopy(update, copy);
        }
    }
}
