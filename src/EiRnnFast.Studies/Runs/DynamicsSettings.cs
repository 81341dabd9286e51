using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>What an analysis of dynamics looks at and how closely.</summary>
public sealed record DynamicsSettings
{
    /// <summary>The task whose trials the networks run.</summary>
    public required ITask Task { get; init; }

    /// <summary>Seed of the trials; the task's own unless said.</summary>
    public uint? DataSeed { get; init; }

    /// <summary>Trials, 1 or more; of a task with fewer all.</summary>
    public int Trials { get; init; } = 50;

    /// <summary>Seed of starts, pushes and draws, 0 or above.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Descents towards fixed points.</summary>
    public int Starts { get; init; } = 200;

    /// <summary>σ of the noise on the states that descents start from.</summary>
    public double StartNoise { get; init; } = 0.1;

    /// <summary>Whether trials run with the network's own noise: activity, components, accuracy, loss and damage. Fixed points, exponents
    /// and pushes are of the network without noise.</summary>
    public bool Noise { get; init; }

    /// <summary>Whether networks are compared, two or more (<see cref="NetworkSimilarity"/>).</summary>
    public bool Compare { get; init; }

    /// <summary>Constant input under which fixed points are looked for, [I]; empty for 0.</summary>
    public IReadOnlyList<double> Input { get; init; } = [];

    /// <summary>Tolerances and limits of the search for fixed and slow points.</summary>
    public FixedPointOptions FixedPoints { get; init; } = new();

    /// <summary>What counts as silent and as saturated.</summary>
    public ActivityThresholds Thresholds { get; init; } = new();

    /// <summary>Most Lyapunov exponents.</summary>
    public int Exponents { get; init; } = 10;

    /// <summary>Most trials that exponents and pushes follow: a trial each costs T·N² per exponent and copy.</summary>
    public int StabilityTrials { get; init; } = 20;

    /// <summary>Steps of a trial whose Jacobians are looked at, at most those of the task; 0 for none.</summary>
    public int JacobianSteps { get; init; } = 10;

    /// <summary>Trials whose Jacobians are looked at; of fewer all. Each takes N³ a step.</summary>
    public int JacobianTrials { get; init; } = 5;

    /// <summary>The line of constant inputs along which fixed points are followed; null for none.</summary>
    public InputPath? Bifurcation { get; init; }

    /// <summary>Size of the push half-way through a trial.</summary>
    public double Push { get; init; } = 0.01;

    /// <summary>Pushed copies per trial.</summary>
    public int Copies { get; init; } = 10;

    /// <summary>Draws for each number of units removed, 1 or more.</summary>
    public int Draws { get; init; } = 10;

    /// <summary>Whether every unit is removed alone, too.</summary>
    public bool SingleUnits { get; init; }

    /// <summary>The networks as they were created, in the order of the networks: also look at how much of what training has added to W_rec
    /// the task needs; null for not at all.</summary>
    public IReadOnlyList<EiRnn>? Initial { get; init; }

    /// <summary>Fractions of a population that are removed.</summary>
    public IReadOnlyList<double> AblationFractions { get; init; } = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1];

    /// <summary>Fractions of W_rec that are set to 0.</summary>
    public IReadOnlyList<double> PruningFractions { get; init; } = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];
}
