using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Dynamics;

/// <summary>
/// The fixed points of a network as its constant input goes from x₀ to x₁: curves through the points that searches find at x₀, at x₁ and
/// half-way, and, where the index sum says that points are missing, in between. Each curve is followed in both directions until it leaves
/// the line of inputs, closes, or cannot be followed.
/// </summary>
public sealed record FixedPointCurves
{
    /// <summary>How near the points that enclose a bifurcation come to each other (arc length √(‖Δh‖²/N + Δs²)).</summary>
    public const double Tolerance = 1e-10;

    /// <summary>Searches made where the index sum is not +1, at most.</summary>
    public const int FurtherSearches = 4;

    /// <summary>Points of all curves together, at most.</summary>
    public const int MostPoints = 20_000;

    private const long MostValues = 1L << 25; // numbers of all states together

    /// <summary>The line of inputs.</summary>
    public required InputPath Path { get; init; }

    /// <summary>The curves, in the order in which they were found.</summary>
    public required IReadOnlyList<FixedPointCurve> Curves { get; init; }

    /// <summary>Where on the path fixed points were searched for.</summary>
    public required IReadOnlyList<double> Searched { get; init; }

    /// <summary>Fixed points found by the searches whose curve could not be begun: degenerate ones, and those beyond
    /// <see cref="MostPoints"/>.</summary>
    public required int NotFollowed { get; init; }

    /// <summary>How many fixed points the curves have at each step of the path.</summary>
    public required IReadOnlyList<CurveCount> Counts { get; init; }

    /// <summary>Whether indices must sum to +1: whether rates are bounded.</summary>
    public required bool HasIndexSum { get; init; }

    /// <summary>Follows the fixed points of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The line of inputs.</param>
    /// <param name="search">Finds fixed points of the network under one input.</param>
    /// <param name="distance">Two points that differ by less in every unit are one.</param>
    /// <param name="progress">Called after every curve with the number followed.</param>
    /// <param name="solver">Of the eigenvalues; the current one unless said.</param>
    /// <param name="cancellation">Checked at every step.</param>
    /// <exception cref="InvalidInputException">A path that does not fit the network.</exception>
    /// <exception cref="ComputationException">Eigenvalues that did not converge.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FixedPointCurves Of(EiRnn network, InputPath path, Func<RecurrentMap, FixedPoints> search, double distance = 1e-3,
        Action<int>? progress = null, EigenSolver? solver = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(search);
        path.Validate(network.Inputs);
        var map = RecurrentMap.Of(network);
        var tracer = new CurveTracer(map, new CurveCorrector(map, path, solver ?? EigenSolver.Current), path.Steps, cancellation);
        var (isBounded, most, notFollowed) = (map.Range.IsBounded, (int)Math.Min(MostPoints, MostValues / map.Units), 0);
        List<FixedPointCurve> curves = [];
        List<double> searched = [];
        foreach (var s in (double[])[0, 1, 0.5]) Search(s);
        for (var more = 0; more < FurtherSearches && isBounded; more++)
        {
            if (Count(curves, path, true).FirstOrDefault(count => count.IndexSum is not (null or 1) && !searched.Contains(count.S))
                is not { } missing) break;
            Search(missing.S);
        }
        return new FixedPointCurves
        {
            Path = path, Curves = curves, Searched = searched, NotFollowed = notFollowed, HasIndexSum = isBounded,
            Counts = Count(curves, path, isBounded),
        };

        void Search(double s)
        {
            searched.Add(s);
            foreach (var point in search(RecurrentMap.Of(network, path.At(s))).Fixed)
            {
                double[] u = [.. point.State, s];
                if (curves.Exists(curve => Passes(tracer, curve, u, distance))) continue;
                var room = most - curves.Sum(curve => curve.Points.Count);
                if (room <= 0 || tracer.At(u) is not { } seed) notFollowed++;
                else
                {
                    curves.Add(tracer.Through(seed.Rises ? seed : seed.Turned(), room));
                    progress?.Invoke(curves.Count);
                }
            }
        }
    }

    /// <summary>Whether a curve has this point.</summary>
    private static bool Passes(CurveTracer tracer, FixedPointCurve curve, double[] u, double distance)
    {
        var s = u[^1];
        for (var i = 0; i + 1 < curve.Points.Count; i++)
        {
            var (one, other) = (curve.Points[i], curve.Points[i + 1]);
            if ((one.S - s) * (other.S - s) > 0) continue;
            var part = one.S == other.S ? 0 : (s - one.S) / (other.S - one.S);
            double[] between = [.. one.State.Zip(other.State, (a, b) => a + part * (b - a)), s];
            var there = tracer.At(between)?.U ?? between;
            if (!there.Zip(u).Any(pair => Math.Abs(pair.First - pair.Second) >= distance)) return true;
        }
        return false;
    }

    private static CurveCount[] Count(List<FixedPointCurve> curves, InputPath path, bool isBounded)
    {
        // A closed curve has its first point twice.
        CurvePoint[][] all = [.. curves.Select(curve => curve.Points.ToArray())];
        int[] lengths = [.. curves.Select(curve => curve.Points.Count - (curve.End == CurveEnd.Closed ? 1 : 0))];
        return [.. Enumerable.Range(0, path.Steps + 1).Select(k => At((double)k / path.Steps))];

        CurveCount At(double s)
        {
            var (points, stable, sum) = (0, 0, (int?)0);
            foreach (var (k, curve) in all.Index())
                for (var i = 0; i < lengths[k]; i++)
                {
                    var (one, other) = (curve[i], i + 1 < curve.Length ? curve[i + 1] : null);
                    if (one.S != s && !(other is not null && (one.S - s) * (other.S - s) < 0)) continue;
                    // Between two points of a curve nothing happens: each part has an end that is no bifurcation, or both agree.
                    var index = other is null || one.S == s ? one.Index ?? other?.Index : one.Index ?? other.Index;
                    var isStable = one.Index is null && other is not null ? other.IsStable : one.IsStable;
                    (points, stable, sum) = (points + 1, stable + (isStable ? 1 : 0), sum + index);
                }
            return new CurveCount(s, points, stable, isBounded ? sum : null);
        }
    }
}
