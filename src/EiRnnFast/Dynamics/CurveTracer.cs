namespace EiRnnFast.Dynamics;

/// <summary>
/// Follows one curve of fixed points by pseudo-arclength continuation (Keller 1977): a step along the tangent, then Newton's method across
/// it. A step that lands too far off, or after which the tangent has turned by more than 25°, is made again at half the length.
/// </summary>
internal sealed class CurveTracer(RecurrentMap map, CurveCorrector corrector, int parts, CancellationToken cancellation)
{
    private const double LeastStep = 1e-6; // of the longest: below it only a corner of relu can turn the tangent
    private const double LeastCosine = 0.9;
    private const double Farthest = 1e6; // units
    private const int FewIterations = 4; // after which the next step is longer
    private const int LeastLoop = 5; // longest steps that a closed curve takes at least
    private const double Together = 1e-5; // where an eigenvalue only touches 1, as at a pitchfork, rounding blurs the place
    private const double OnTheCircle = 1e-5; // a multiple eigenvalue is known to half its digits

    private readonly double _longest = 1.0 / parts;
    private readonly double[] _ofInput = [.. new double[map.Units], 1];

    /// <summary>A fixed point under the input of u; null where there is none near.</summary>
    public CurveNode? At(ReadOnlySpan<double> u) => corrector.Correct(u, _ofInput);

    /// <summary>The whole curve through a point, which lies at s.</summary>
    /// <param name="seed">The point, its tangent in the direction of growing s.</param>
    /// <param name="room">Points that may be made.</param>
    public FixedPointCurve Through(CurveNode seed, int room)
    {
        List<Place> forward = [new(seed, null)], backward = [];
        var end = Follow(seed, forward, room);
        var begin = end == CurveEnd.Closed ? CurveEnd.Closed : Follow(seed.Turned(), backward, room - forward.Count);
        backward.Reverse();
        Place[] all = [.. backward.Select(place => place.Turned()), .. forward];
        return new FixedPointCurve([.. all.Select(place => place.Node.Kept(map) is var point && place.Event is null ? point
                : point with { Index = null })],
            [.. all.Index().Where(place => place.Item.Event is not null).Select(place => place.Item.Event! with { Point = place.Index })],
            begin, end);
    }

    private CurveEnd Follow(CurveNode seed, List<Place> places, int room)
    {
        var (last, step, length) = (seed, _longest, 0.0);
        if (seed.S is <= 0 or >= 1 && seed.Rises == seed.S >= 1) return seed.S >= 1 ? CurveEnd.AtTo : CurveEnd.AtFrom;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (places.Count >= room) return CurveEnd.Limit;
            if (Next(last, step) is not { } next)
            {
                step /= 2;
                if (step < LeastStep * _longest) return CurveEnd.Unfinished;
                continue;
            }
            var isOut = next.S is < 0 or > 1;
            if (isOut)
            {
                var bound = next.S > 1 ? 1.0 : 0.0;
                var part = (bound - last.S) / (next.S - last.S);
                double[] u = [.. last.U.Zip(next.U, (one, other) => one + part * (other - one))];
                u[^1] = bound;
                if (At(u) is not { } landed || corrector.Length(landed.U, u) > step)
                {
                    step /= 2;
                    if (step < LeastStep * _longest) return CurveEnd.Unfinished;
                    continue;
                }
                next = corrector.Inner(landed.Tangent, next.Tangent) < 0 ? landed.Turned() : landed;
            }
            var moved = corrector.Length(next.U, last.U);
            var isClosed = !isOut && length > LeastLoop * _longest && LeadsTo(seed, last, 1.05 * moved);
            if (isClosed) next = seed;
            length += moved;
            Locate(last, next, places);
            places.Add(new Place(next, null));
            if (next.H.ContainsAnyExceptInRange(-Farthest, Farthest)) return CurveEnd.Unbounded;
            if (isOut) return next.S >= 1 ? CurveEnd.AtTo : CurveEnd.AtFrom;
            if (isClosed) return CurveEnd.Closed;
            if (corrector.Iterations <= FewIterations) step = Math.Min(1.5 * step, _longest);
            last = next;
        }
    }

    /// <summary>Whether the curve's first point lies ahead, no farther than this.</summary>
    private bool LeadsTo(CurveNode seed, CurveNode last, double most)
    {
        double[] ahead = [.. seed.U.Zip(last.U, (one, other) => one - other)];
        return corrector.Length(seed.U, last.U) <= most && corrector.Inner(ahead, last.Tangent) > 0
            && corrector.Inner(seed.Tangent, last.Tangent) >= LeastCosine;
    }

    /// <summary>The next point, a step along the tangent; null where that step is too long.</summary>
    private CurveNode? Next(CurveNode last, double step)
    {
        double[] u = [.. last.U.Zip(last.Tangent, (at, t) => at + step * t)];
        return corrector.Correct(u, last.Tangent) is { } next && corrector.Length(next.U, u) <= step
            && (corrector.Inner(next.Tangent, last.Tangent) >= LeastCosine || step <= 16 * LeastStep * _longest) ? next : null;
    }

    /// <summary>The bifurcations between two points, by halving what encloses them until it is as short as
    /// <see cref="FixedPointCurves.Tolerance"/>.</summary>
    private void Locate(CurveNode before, CurveNode after, List<Place> places)
    {
        List<(CurveNode Before, CurveNode After)> found = [];
        Halve(before, after);
        for (var i = 0; i < found.Count; i++)
        {
            var (first, last) = found[i]; // rounding may part what is one bifurcation
            while (i + 1 < found.Count && corrector.Length(last.U, found[i + 1].Before.U) <= Together)
                last = found[++i].After;
            if (!first.IsLike(last)) places.Add(new Place(last, Event(first, last)));
        }

        void Halve(CurveNode one, CurveNode other)
        {
            if (one.IsLike(other)) return;
            var width = corrector.Length(one.U, other.U);
            double[] middle = [.. one.U.Zip(other.U, (a, b) => (a + b) / 2)];
            if (width > FixedPointCurves.Tolerance && corrector.Correct(middle, one.Tangent) is { } between
                && corrector.Length(between.U, middle) <= width)
            {
                Halve(one, between);
                Halve(between, other);
            }
            else found.Add((one, other));
        }
    }

    private Bifurcation Event(CurveNode before, CurveNode after)
    {
        var turns = before.Rises != after.Rises;
        // At a turn +1 is an eigenvalue; elsewhere it is the one nearest to the circle.
        var critical = after.Eigenvalues.MinBy(z => turns ? (z - 1).Magnitude : Math.Abs(z.Magnitude - 1));
        var width = corrector.Length(before.U, after.U);
        var isOn = turns ? (critical - 1).Magnitude <= OnTheCircle : Math.Abs(critical.Magnitude - 1) <= OnTheCircle;
        var kind = (isOn, turns, before.IsPositive == after.IsPositive) switch
        {
            (false, _, _) => width > 2 * FixedPointCurves.Tolerance ? BifurcationKind.Unresolved : BifurcationKind.Corner,
            (_, true, false) => BifurcationKind.Fold,
            (_, true, true) => BifurcationKind.BranchPoint,
            _ when critical.Imaginary != 0 => BifurcationKind.NeimarkSacker,
            _ => critical.Real > 0 ? BifurcationKind.BranchPoint : BifurcationKind.Flip,
        };
        var isForward = turns || before.Rises;
        var (first, last) = isForward ? (before, after) : (after, before);
        return new Bifurcation(kind, 0, critical, first.Unstable, last.Unstable, turns ? !before.Rises : null, width);
    }

    /// <summary>A point of a curve, and what happens there.</summary>
    private sealed record Place(CurveNode Node, Bifurcation? Event)
    {
        /// <summary>On the curve in the other direction: a fold is led to from its other side.</summary>
        public Place Turned() => new(Node.Turned(), Event is { IsBirth: not null }
            ? Event with { UnstableBefore = Event.UnstableAfter, UnstableAfter = Event.UnstableBefore } : Event);
    }
}
