using System.Numerics;
using EiRnnFast.Dynamics;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Training;

namespace EiRnnFast.Studies.Runs;

/// <summary>How a run is kept in a file while it is trained, and where it goes on.</summary>
public sealed class RunCheckpoints
{
    private const string At = "tracked_at", Eigenvalues = "tracked_eigenvalues", Henrici = "tracked_henrici", Tests = "tracked_tests",
        Tracking = "tracking";

    /// <summary>Accuracy, loss and silent units of a tracked network, NaN where not known.</summary>
    private const int TestValues = 3;

    /// <summary>The file that is written.</summary>
    public required string Path { get; init; }

    /// <summary>Where the run goes on; null for its beginning.</summary>
    public CheckpointFile? From { get; init; }

    /// <summary>Least time between two.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether beginning and end are kept, too.</summary>
    public bool KeepsEnds { get; init; }

    /// <summary>Ends the training after the update under way, as interrupted.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Checkpoints written.</summary>
    public int Written { get; private set; }

    /// <summary>Why the last one could not be written; null where it could. The training goes on without.</summary>
    public string? Failure { get; private set; }

    /// <summary>What spectra an earlier session was to track, as <see cref="SpectrumTracking.Parse"/> reads it; null for none.</summary>
    public static string? TrackingOf(CheckpointFile from) => from?.Extra.GetValueOrDefault(Tracking)?.Text;

    /// <summary>As the trainer takes them.</summary>
    /// <param name="settings">What is trained.</param>
    /// <param name="tracking">How spectra are tracked; null for not at all.</param>
    /// <param name="tracked">Those found so far.</param>
    /// <exception cref="InvalidInputException">The checkpoint is of another run or version.</exception>
    internal Checkpointing For(RunSettings settings, SpectrumTracking? tracking, Func<IReadOnlyList<TrackedSpectrum>> tracked)
    {
        if (From is { } from)
        {
            if (from.Version != Backend.EngineVersion)
                throw InvalidInputException.Of("checkpoint", $"one of version {from.Version}", $"{Backend.EngineVersion}, this one",
                    "go on with that version, or start a new training from the network (--from)");
            var (old, now) = (WithoutEpochs(from.Settings), WithoutEpochs(settings));
            if (from.Settings.Seed != settings.Seed || !old.Describe().SequenceEqual(now.Describe()))
                throw InvalidInputException.Of("checkpoint", "one of other settings", "the settings of this run",
                    "choose another folder, or resume it with its own settings");
            if (from.Settings.Training is { Schedule: LearningRateSchedule.Cosine, Epochs: var epochs }
                && epochs != settings.Training.Epochs)
                throw InvalidInputException.Of("epochs", settings.Training.Epochs, $"{epochs}, over which the cosine schedule runs",
                    "start a new training from the network (--from)");
        }
        return new Checkpointing
        {
            From = From?.Checkpoint, Interval = Interval, KeepsEnds = KeepsEnds, Stop = Stop,
            Save = checkpoint => Save(new CheckpointFile(Backend.EngineVersion, settings, checkpoint,
                ArraysOf(tracking, tracked()))),
        };
    }

    /// <summary>Spectra that an earlier session tracked.</summary>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    internal IEnumerable<TrackedSpectrum> Tracked(RandomMatrixTheory? theory, string lapack)
    {
        if (From?.Extra is not { } arrays || !arrays.TryGetValue(At, out var at)) yield break;
        if (arrays.GetValueOrDefault(Eigenvalues) is not { Text: null, Shape: [var count, var n and > 0, 2] } eigenvalues
            || arrays.GetValueOrDefault(Henrici) is not { Text: null } henrici || at.Text is not null
            || arrays.GetValueOrDefault(Tests) is not { Text: null, Shape: [var tested, TestValues] } tests || tested != count
            || at.ToDoubles().Length != count || henrici.ToDoubles().Length != count)
            throw InvalidInputException.Of(Path, "tracked spectra that do not fit together", "one series", "begin the training anew");
        var (places, parts, departures, tried) = (at.ToDoubles(), eigenvalues.ToDoubles(), henrici.ToDoubles(), tests.ToDoubles());
        for (var k = 0; k < count; k++)
        {
            var values = new Complex[n];
            for (var i = 0; i < n; i++) values[i] = new Complex(parts[(k * n + i) * 2], parts[(k * n + i) * 2 + 1]);
            yield return new TrackedSpectrum((int)places[k], Spectrum.OfEigenvalues(values, departures[k], theory, lapack))
            {
                Test = new TrialTest(Known(tried[k * TestValues]), Known(tried[k * TestValues + 1]))
                {
                    SilentUnits = (int?)Known(tried[k * TestValues + 2]),
                },
            };
        }
    }

    /// <summary>A value, or null for NaN, which stands for none.</summary>
    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    private static RunSettings WithoutEpochs(RunSettings settings) => settings with { Training = settings.Training with { Epochs = 1 } };

    private static Dictionary<string, NpyArray> ArraysOf(SpectrumTracking? tracking, IReadOnlyList<TrackedSpectrum> tracked)
    {
        if (tracking is null) return [];
        var n = tracked.Count == 0 ? 1 : tracked[0].Spectrum.Units;
        double[] eigenvalues = [.. tracked.SelectMany(one => one.Spectrum.Eigenvalues.SelectMany(z => new[] { z.Real, z.Imaginary }))];
        double[] tests = [.. tracked.SelectMany(one => new[] { one.Test?.Accuracy, one.Test?.Loss, one.Test?.SilentUnits })
            .Select(value => value ?? double.NaN)];
        return new()
        {
            [Tracking] = NpyArray.Of(tracking.ToString()),
            [At] = NpyArray.Of([.. tracked.Select(one => one.At)], tracked.Count),
            [Eigenvalues] = NpyArray.Of(eigenvalues, tracked.Count, n, 2),
            [Henrici] = NpyArray.Of([.. tracked.Select(one => one.Spectrum.Henrici)], tracked.Count),
            [Tests] = NpyArray.Of(tests, tracked.Count, TestValues),
        };
    }

    /// <summary>A disk that is full for a while must not cost a training: only the first one has to be written.</summary>
    private void Save(CheckpointFile file)
    {
        try
        {
            file.Write(Path);
            (Written, Failure) = (Written + 1, null);
        }
        catch (InvalidInputException e) when (Written > 0 || !KeepsEnds)
        {
            Failure = e.Message;
        }
    }
}
