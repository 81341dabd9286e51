using System.Numerics;

namespace EiRnnFast.Dynamics;

/// <summary>A straight line of constant inputs, x(s) = (1 − s)·x₀ + s·x₁ with s from 0 to 1.</summary>
/// <param name="From">x₀, [I].</param>
/// <param name="To">x₁, [I].</param>
/// <param name="Steps">Equal parts of the line; a curve's steps are no longer than one of them.</param>
public sealed record InputPath(IReadOnlyList<double> From, IReadOnlyList<double> To, int Steps = InputPath.UsualSteps)
{
    /// <summary>Where nothing else is said.</summary>
    public const int UsualSteps = 50;

    /// <summary>Most parts.</summary>
    public const int MostSteps = 10_000;

    /// <summary>Whether every step of a channel is a number of its own in single precision, in which inputs come.</summary>
    private bool Resolves(double from, double to)
    {
        var largest = (float)Math.Max(Math.Abs(from), Math.Abs(to));
        return Math.Abs(to - from) / Steps >= MathF.BitIncrement(largest) - largest;
    }

    /// <summary>x(s), [I].</summary>
    public double[] At(double s) => [.. From.Zip(To, (from, to) => from + s * (to - from))];

    /// <summary>Checks it against a number of input channels.</summary>
    /// <exception cref="InvalidInputException">Another number of channels, a value that is not finite, or a number of steps out of
    /// range.</exception>
    public void Validate(int inputs)
    {
        if (From.Count != inputs || To.Count != inputs || !From.Concat(To).All(value => float.IsFinite((float)value)))
            throw InvalidInputException.Of("inputs to follow fixed points along",
                $"{string.Join(",", From)}:{string.Join(",", To)}", $"{inputs} finite numbers at each end, one per input channel",
                "write it like 0,0:1,1");
        if (From.SequenceEqual(To))
            throw InvalidInputException.Of("inputs to follow fixed points along", $"{string.Join(",", From)} at both ends",
                "two inputs that differ", "write it like 0,0:1,1");
        if (Steps is < 1 or > MostSteps)
            throw InvalidInputException.Of("steps along the inputs", Steps, $"1 to {MostSteps}", $"{UsualSteps} is usual");
        if (!From.Zip(To).Any(end => Resolves(end.First, end.Second)))
            throw InvalidInputException.Of("inputs to follow fixed points along",
                $"{string.Join(",", From)}:{string.Join(",", To)} in {Steps} steps, which single precision does not tell apart",
                "steps above 1e-7 of the inputs' size", "move the ends apart, or take fewer steps");
    }
}

/// <summary>What happens at a point of a curve of fixed points.</summary>
public enum BifurcationKind
{
    /// <summary>A real eigenvalue goes through +1 and the curve turns back: two points are born or lost together (saddle-node).</summary>
    Fold,

    /// <summary>A real eigenvalue reaches +1 where curves meet (pitchfork, transcritical).</summary>
    BranchPoint,

    /// <summary>A real eigenvalue goes through −1: a cycle of two steps begins or ends.</summary>
    Flip,

    /// <summary>A complex pair goes through the unit circle: an oscillation begins or ends.</summary>
    NeimarkSacker,

    /// <summary>An eigenvalue jumps over the unit circle where the slope of relu does (border collision).</summary>
    Corner,

    /// <summary>Stability changes between two points that could not be brought nearer to each other.</summary>
    Unresolved,
}

/// <summary>A fixed point on a curve.</summary>
/// <param name="S">Its place on the <see cref="InputPath"/>.</param>
/// <param name="State">h, [N].</param>
/// <param name="Rates">The rates there, [N].</param>
/// <param name="SpectralRadius">Of the Jacobian.</param>
/// <param name="Leading">Its eigenvalue of largest modulus.</param>
/// <param name="UnstableDirections">Eigenvalues outside the unit circle.</param>
/// <param name="Index">Sign of det(I − J); null at a bifurcation.</param>
public sealed record CurvePoint(double S, IReadOnlyList<double> State, IReadOnlyList<double> Rates, double SpectralRadius, Complex Leading,
    int UnstableDirections, int? Index)
{
    /// <summary>Whether small deviations die out.</summary>
    public bool IsStable => UnstableDirections == 0;
}

/// <summary>A bifurcation on a curve.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Point">Its number on the curve, from 0.</param>
/// <param name="Critical">The eigenvalue that is on the unit circle.</param>
/// <param name="UnstableBefore">Unstable directions before it: at smaller s; of a fold, on the part of the curve that leads to it.</param>
/// <param name="UnstableAfter">Unstable directions after it.</param>
/// <param name="IsBirth">Of a fold, and a branch point where the curve turns: whether its two points are there at larger s (born) or at
/// smaller s (lost); else null.</param>
/// <param name="Width">How near the two fixed points are that enclose it: arc length, <see cref="FixedPointCurves.Tolerance"/> where it
/// could be refined.</param>
public sealed record Bifurcation(BifurcationKind Kind, int Point, Complex Critical, int UnstableBefore, int UnstableAfter, bool? IsBirth,
    double Width);

/// <summary>Where a curve ends.</summary>
public enum CurveEnd
{
    /// <summary>At x₀.</summary>
    AtFrom,

    /// <summary>At x₁.</summary>
    AtTo,

    /// <summary>In itself.</summary>
    Closed,

    /// <summary>No next point was found, however short the step.</summary>
    Unfinished,

    /// <summary>The state grows beyond 1e6.</summary>
    Unbounded,

    /// <summary>All points together are as many as may be kept.</summary>
    Limit,
}

/// <summary>Fixed points that go over into each other as the input does.</summary>
/// <param name="Points">In their order on the curve, bifurcations among them.</param>
/// <param name="Bifurcations">In the same order.</param>
/// <param name="Begin">Where the first point is.</param>
/// <param name="End">Where the last point is.</param>
public sealed record FixedPointCurve(IReadOnlyList<CurvePoint> Points, IReadOnlyList<Bifurcation> Bifurcations, CurveEnd Begin,
    CurveEnd End);

/// <summary>How many fixed points the curves have under one input.</summary>
/// <param name="S">The place on the path.</param>
/// <param name="Points">Fixed points.</param>
/// <param name="Stable">Stable ones among them.</param>
/// <param name="IndexSum">Sum of their indices; null where one is unknown, and where rates have no bounds.</param>
public sealed record CurveCount(double S, int Points, int Stable, int? IndexSum);
