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
    /// <summary>Spectra after every epoch, the first as created; empty when they were not tracked.</summary>
    public IReadOnlyList<Spectrum> EpochSpectra { get; init; } = [];

    /// <summary>Creates, trains and analyses.</summary>
    /// <exception cref="InvalidInputException">A setting that cannot be used.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <param name="settings">What is trained.</param>
    /// <param name="progress">Called after every update.</param>
    /// <param name="task">The settings' task, when its data sets are shared with other runs.</param>
    /// <param name="trackSpectrum">Whether the spectrum is found after every epoch.</param>
    /// <param name="backend">What computes; the default unless said.</param>
    /// <param name="threads">How many threads may compute an update; one unless said. Results do not depend on it.</param>
    /// <param name="cancellation">Checked before every update.</param>
    public static TrainingRun Execute(RunSettings settings, Action<TrainingProgress>? progress = null, ITask? task = null,
        bool trackSpectrum = false, Backend? backend = null, ThreadBudget? threads = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (kernels, solver) = backend ?? Backend.Default;
        var network = EiRnn.Create(settings.ToSpec(), settings.Seed);
        var initial = network.Clone();
        var initialSpectrum = Spectrum.Of(initial, solver);
        List<Spectrum> tracked = trackSpectrum ? [initialSpectrum] : [];
        var result = new Trainer(network, task ?? settings.PosedTask()).Run(settings.Training, progress, kernels,
            trackSpectrum ? (_, trained) => tracked.Add(Spectrum.Of(trained, solver)) : null, threads, cancellation);
        return new TrainingRun(settings, initial, network, result, initialSpectrum, Spectrum.Of(network, solver))
        {
            EpochSpectra = tracked,
        };
    }
}
