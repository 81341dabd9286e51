using System.Globalization;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Studies.Runs;

/// <summary>How often a spectrum is found while a network is trained.</summary>
public sealed record SpectrumTracking
{
    /// <summary>Every so many epochs or updates.</summary>
    /// <param name="every">1 or more.</param>
    /// <param name="countsUpdates">Whether they are updates.</param>
    /// <exception cref="InvalidInputException">Below 1.</exception>
    public SpectrumTracking(int every = 1, bool countsUpdates = false)
    {
        if (every < 1) throw InvalidInputException.Of("tracking of spectra", every, "1 or more", "1 is every epoch, or every update");
        (Every, CountsUpdates) = (every, countsUpdates);
    }

    /// <summary>Epochs or updates from one spectrum to the next.</summary>
    public int Every { get; }

    /// <summary>Whether updates are counted, not epochs.</summary>
    public bool CountsUpdates { get; }

    /// <summary>What is counted: epoch or update.</summary>
    public string Unit => CountsUpdates ? "update" : "epoch";

    /// <summary>5 or 10u, as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Every}{(CountsUpdates ? "u" : "")}");

    /// <summary>Reads 5, every 5 epochs, or 10u, every 10 updates.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="InvalidInputException">Neither.</exception>
    public static SpectrumTracking Parse(string text, string what = "tracking of spectra")
    {
        ArgumentNullException.ThrowIfNull(text);
        var countsUpdates = text.EndsWith('u');
        return int.TryParse(countsUpdates ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var every) && every > 0
            ? new SpectrumTracking(every, countsUpdates)
            : throw InvalidInputException.Of(what, $"'{text}'", "a number of epochs, 1 or more, or of updates, such as 10u",
                "write it like 5, or in eirnn train like 10u, or leave it out for every epoch");
    }
}

/// <summary>A spectrum found while a network was trained.</summary>
/// <param name="At">Epochs or updates run, 0 as created.</param>
/// <param name="Spectrum">The spectrum.</param>
public sealed record TrackedSpectrum(int At, Spectrum Spectrum)
{
    /// <summary>How the network then did on the test trials; null where nobody has looked.</summary>
    public TrialTest? Test { get; init; }
}

/// <summary>
/// Finds spectra beside a training, on cores that it leaves idle. Where none is idle the trainer finds the spectrum itself, so that no more
/// copies of the network are kept than there are such cores. Spectra come in the order in which they were asked for.
/// </summary>
/// <param name="solver">Finds eigenvalues.</param>
/// <param name="idleCores">Cores that the training does not use.</param>
/// <param name="test">Tests a network.</param>
internal sealed class SpectraBeside(EigenSolver solver, int idleCores, Func<EiRnn, TrialTest> test)
{
    private readonly List<Task<TrackedSpectrum>> _all = [], _underWay = [];

    /// <summary>Adds a spectrum that is known.</summary>
    public void Add(TrackedSpectrum spectrum) => _all.Add(Task.FromResult(spectrum));

    /// <summary>Asks for the spectrum of a network as it stands.</summary>
    /// <param name="at">Epochs or updates run.</param>
    /// <param name="network">Not changed, and not kept.</param>
    /// <exception cref="InvalidInputException">An earlier spectrum failed, or this one where it was found at once.</exception>
    /// <exception cref="ComputationException">Eigenvalues did not converge, as above.</exception>
    public void Find(int at, EiRnn network) => FindOf(at, () => network.Clone(), network);

    /// <summary>The same of a copy that nobody else has.</summary>
    public void FindOfCopy(int at, EiRnn copy) => FindOf(at, () => copy, copy);

    /// <summary>All spectra, in order; waits for them.</summary>
    public IReadOnlyList<TrackedSpectrum> All() => [.. _all.Select(found => found.GetAwaiter().GetResult())];

    private void FindOf(int at, Func<EiRnn> toKeep, EiRnn network)
    {
        foreach (var ended in _underWay.Where(task => task.IsCompleted)) ended.GetAwaiter().GetResult(); // a failure ends the training
        _underWay.RemoveAll(task => task.IsCompleted);
        if (_underWay.Count >= idleCores)
        {
            Add(Tracked(at, network));
            return;
        }
        var kept = toKeep();
        var found = Task.Run(() => Tracked(at, kept));
        _underWay.Add(found);
        _all.Add(found);
    }

    private TrackedSpectrum Tracked(int at, EiRnn network) => new(at, Spectrum.Of(network, solver)) { Test = test(network) };
}
