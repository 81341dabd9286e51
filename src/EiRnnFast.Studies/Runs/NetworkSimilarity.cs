using EiRnnFast.Similarity;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tasks;

namespace EiRnnFast.Studies.Runs;

/// <summary>One measure of the distance between the networks of an analysis.</summary>
/// <param name="Distances">All of them.</param>
/// <param name="Clusters">Average linkage; null where a network could not be compared.</param>
/// <param name="Groups">Whether the networks asked about and those held against them lie apart; null without two of each.</param>
public sealed record SimilarityMeasure(NetworkDistances Distances, AverageLinkage? Clusters, GroupSeparation? Groups);

/// <summary>How alike the networks of an analysis are, in the order of its networks.</summary>
/// <param name="Options">How closely they were compared.</param>
/// <param name="Moments">Moments at which activity was compared.</param>
/// <param name="Delays">Moments of a row of the delay embedding; null where no network is active.</param>
/// <param name="Measures">One a measure.</param>
public sealed record NetworkSimilarity(SimilarityOptions Options, int Moments, int? Delays, IReadOnlyList<SimilarityMeasure> Measures)
{
    /// <summary>Alignment of activity unit by unit, in both directions, [n, n]: row the network whose variance it is; null where there is
    /// none.</summary>
    public required UnitAlignment?[,] Alignments { get; init; }

    /// <summary>Compares networks.</summary>
    internal static NetworkSimilarity Of(IReadOnlyList<NetworkDynamics> networks, DynamicsSettings settings, TrialBatch trials,
        Backend backend, Action<DynamicsProgress>? progress, CancellationToken cancellation)
    {
        var options = new SimilarityOptions { Seed = settings.Seed };
        List<ComparedNetwork> ready = [];
        foreach (var network in networks)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(new DynamicsProgress(network.File, "activity to compare", ready.Count, networks.Count));
            ready.Add(DynamicsRun.About(network.File, () => ComparedNetwork.Of(network.States, trials.Count, network.Network.Units,
                network.Spectrum.Eigenvalues, options, network.Populations[0].Components, backend.Solver,
                network.Network.Spec.Signs.SignsOf(network.Network.Units))));
        }
        var pairs = networks.Count * (networks.Count - 1) / 2;
        var distances = NetworkDistances.Of(ready, options, backend.Threads,
            done => progress?.Invoke(new DynamicsProgress("all networks", "distances", done, pairs)), cancellation);
        bool[] against = [.. networks.Select(network => network.Against)];
        return new NetworkSimilarity(options, ready[0].Space.Moments, ready.Select(one => one.Dynamics?.Delays).FirstOrDefault(),
            [.. distances.Select(one => Measured(one, against, settings.Seed))])
        {
            Alignments = NetworkDistances.Alignments(ready, options, backend.Threads, cancellation),
        };
    }

    /// <summary>Refuses networks whose activity, made ready, does not fit into the memory that is free.</summary>
    internal static void RequireRoom(IEnumerable<int> units, int moments)
    {
        var rows = Math.Min(moments, ActivitySpace.UsualMoments);
        int[] all = [.. units];
        // Components of each, one network's embedding on the way, and every pair's products are small beside them.
        var needed = all.Sum(count => sizeof(double) * 2L * rows * Math.Min(count, rows));
        var free = MemoryBudget.Free();
        if (needed > free)
            throw InvalidInputException.Of("networks to compare", $"{all.Length}, which take {needed >> 20} MiB",
                $"at most {free >> 20} MiB, the memory that is free", "name fewer files");
    }

    private static SimilarityMeasure Measured(NetworkDistances distances, bool[] against, long seed)
    {
        var isComplete = distances.Values.Cast<double>().All(double.IsFinite);
        return new SimilarityMeasure(distances, isComplete ? AverageLinkage.Of(distances.Values) : null,
            isComplete ? GroupSeparation.Of(distances.Values, against, seed) : null);
    }
}
