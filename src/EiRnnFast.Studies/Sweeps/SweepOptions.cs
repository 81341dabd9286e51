using EiRnnFast.Studies.Runs;
using EiRnnFast.Threads;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>How a sweep is run; nothing here changes a result, but kernel sets and solvers agree to rounding only.</summary>
public sealed record SweepOptions
{
    /// <summary>Networks trained at a time; null for as many as there are cores for, with <see cref="Threads"/> each.</summary>
    public int? Workers { get; init; }

    /// <summary>
    /// Threads of each network; null for the plan's, else 1. Large networks get those of idle workers too, once no run waits any more.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>Networks trained at a time with this plan.</summary>
    public int WorkersFor(SweepPlan plan) => Workers ?? Math.Max(1, ThreadBudget.Cores / ThreadsFor(plan));

    /// <summary>Threads of each network with this plan.</summary>
    public int ThreadsFor(SweepPlan plan) => Threads ?? (plan ?? throw new ArgumentNullException(nameof(plan))).Threads ?? 1;

    /// <summary>Which epochs of every run are tracked; null for those that the plan names, else none. The runs stay the
    /// same.</summary>
    public SpectrumTracking? Tracking { get; init; }

    /// <summary>What the plan's networks are tested on beyond their training; null for nothing.</summary>
    internal Generalisation? Generalisation { get; private init; }

    /// <summary>The same with the analyses that a plan names.</summary>
    internal SweepOptions For(SweepPlan plan) => this with
    {
        Tracking = Tracking ?? plan.Tracking,
        Generalisation = plan.Generalisation,
    };

    /// <summary>The part of the plan that this process runs.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Most bytes that this process may hold; null for nine tenths of what is free.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Whether trained networks are recorded too.</summary>
    public bool KeepWeights { get; init; }

    /// <summary>Whether runs that failed before are run again.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Runs in a random order of this seed; null for longest first, which leaves no core idle at the end.</summary>
    public int? ShuffleSeed { get; init; }

    /// <summary>Least time between two checkpoints of a run under way.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What computes; null for <see cref="EiRnnFast.Backend.Default"/>.</summary>
    public Backend? Backend { get; init; }

    /// <summary>Where the time of day comes from; durations are measured apart from it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="InvalidInputException">The first that cannot be used.</exception>
    public void Validate()
    {
        if (Workers is < 1 or > 4096) throw InvalidInputException.Of("workers", Workers, "1 to 4096", "one per core is best");
        if (Threads is { } threads) ThreadBudget.Checked(threads);
        if (Tracking is { CountsUpdates: true })
            throw InvalidInputException.Of("tracking of spectra", Tracking, "a number of epochs",
                "write it like 5; only eirnn train counts updates");
        if (MemoryBytes is < 1) throw InvalidInputException.Of("memory", MemoryBytes, "a size above 0", "leave it out to use what is free");
    }
}

/// <summary>Where a sweep stands.</summary>
/// <param name="Total">Runs of this process's shard.</param>
/// <param name="Done">Runs trained and measured, earlier sessions included.</param>
/// <param name="Diverged">Runs that diverged.</param>
/// <param name="Failed">Runs that failed.</param>
/// <param name="Recorded">Runs recorded in this session.</param>
/// <param name="Running">Runs under way.</param>
/// <param name="Elapsed">Time of this session.</param>
/// <param name="Left">Expected time left at the pace of this session; null before there is one.</param>
/// <param name="Latest">The run that was recorded last.</param>
public sealed record SweepProgress(
    int Total, int Done, int Diverged, int Failed, int Recorded, int Running, TimeSpan Elapsed, TimeSpan? Left, RunRecord? Latest)
{
    /// <summary>Finished runs that wait until another program lets go of the store; null while none has it.</summary>
    public int? Unrecorded { get; init; }

    /// <summary>Rows of stores that did not match their checksums and were taken out: their runs are trained again.</summary>
    public int DamagedRows { get; init; }

    /// <summary>Runs done before this session that lack an analysis which is now asked for: they are not run again for it.</summary>
    public int WithoutAnalyses { get; init; }

    /// <summary>Recorded runs that the plan does not hold: they stay.</summary>
    public int BesidePlan { get; init; }

    /// <summary>Runs of the shard that are not recorded yet.</summary>
    public int Pending => Total - Done - Diverged - Failed;

    /// <summary>Runs recorded per minute in this session.</summary>
    public double PerMinute => Elapsed > TimeSpan.Zero ? Recorded / Elapsed.TotalMinutes : 0;
}
