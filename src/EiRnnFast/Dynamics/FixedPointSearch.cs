using System.Collections.Concurrent;
using EiRnnFast.Spectra;
using EiRnnFast.Threads;

namespace EiRnnFast.Dynamics;

/// <summary>
/// One search for fixed points: descents on several threads, whose ends are taken in the order of their starts. While points are missing,
/// starts are proposed ahead on the assumption that the descents before them find nothing new. Where one does, those behind it are
/// dropped and proposed again. So any number of threads finds the same bits.
/// </summary>
internal sealed class FixedPointSearch(RecurrentMap map, FixedPointOptions options, EigenSolver solver, int threads, Action<int>? progress,
    CancellationToken cancellation)
{
    private const int Block = 1024; // starts whose ends are kept at once
    private const int AheadPerThread = 2;

    private readonly ConcurrentBag<SpeedDescent> _idle = [];
    private readonly int[] _ends = new int[4];
    private readonly List<Found> _still = [], _slow = [];
    private int _made, _fruitless, _version;

    /// <summary>Searches from the starts, then on from further states.</summary>
    public FixedPoints Run(IReadOnlyList<double[]> starts, long seed)
    {
        var tally = new Tally(progress);
        for (var first = 0; first < starts.Count; first += Block)
        {
            StateToSearch[] block = [.. starts.Skip(first).Take(Block).Select(state => new StateToSearch(state, RunsFreely: false))];
            foreach (var end in Descend(block, tally)) Take(end);
        }
        SearchOn(new FurtherStates(map, starts, seed));
        DescribeAll(_still);
        DescribeAll(_slow);
        return new FixedPoints
        {
            Fixed = [.. _still.Select(Describe).OrderBy(point => point.SpectralRadius)],
            Slow = [.. _slow.Select(Describe).OrderBy(point => point.Q)],
            Starts = starts.Count, FurtherStarts = _made, EndedFixed = _ends[0], EndedSlow = _ends[1], EndedFast = _ends[2],
            Unfinished = _ends[3], Options = options, HasIndexSum = map.Range.IsBounded,
        };
    }

    private void SearchOn(FurtherStates further)
    {
        HashSet<Found> followed = [];
        while (true)
        {
            var proposals = Propose(further, followed);
            if (proposals.Count == 0) return;
            var ends = Descend([.. proposals.SelectMany(proposal => proposal.Starts)], null);
            var taken = 0;
            foreach (var proposal in proposals)
            {
                var (version, points) = (_version, _still.Count);
                if (proposal.Followed is { } unstable) followed.Add(unstable);
                foreach (var _ in proposal.Starts)
                {
                    Take(ends[taken++]);
                    progress?.Invoke(_ends.Sum());
                }
                _made += proposal.Starts.Length;
                if (proposal.Followed is null) _fruitless = _still.Count > points ? 0 : _fruitless + 1;
                if (_version == version) continue;
                further.Return(proposal.After); // what was proposed behind it did not know of this point
                break;
            }
        }
    }

    /// <summary>The next starts, none when the search is over, as if none of them found anything new.</summary>
    private List<Proposal> Propose(FurtherStates further, HashSet<Found> followed)
    {
        List<Proposal> proposals = [];
        var (made, fruitless) = (_made, _fruitless);
        DescribeAll(_still);
        FixedPoint[] points = [.. _still.Select(Describe)];
        var most = threads == 1 ? 1 : AheadPerThread * threads;
        while (made < options.FurtherStarts && proposals.Count < most)
        {
            var unstable = _still.Find(found => !followed.Contains(found) && !proposals.Exists(before => before.Followed == found)
                && Describe(found).Stability == PointStability.Unstable);
            if (unstable is not null && made + 2 <= options.FurtherStarts)
            {
                Add(further.Around(unstable.State), unstable);
                continue;
            }
            if (map.Range.IsBounded
                ? Array.Exists(points, point => point.Index is null) || points.Sum(point => point.Index) == 1
                : fruitless == FixedPoints.FruitlessStarts) break;
            Add([further.Next(points)], null);
            fruitless++;
        }
        return proposals;

        void Add(StateToSearch[] starts, Found? unstable)
        {
            proposals.Add(new Proposal(starts, unstable, further.Mark()));
            made += starts.Length;
        }
    }

    private Ended[] Descend(StateToSearch[] starts, Tally? tally)
    {
        var ends = new Ended[starts.Length];
        ThreadTeam.ForEach(starts.Length, threads, i =>
        {
            if (!_idle.TryTake(out var descent)) descent = new SpeedDescent(map, options);
            var (state, runsFreely) = starts[i];
            var end = descent.From(runsFreely ? map.Run(state, options.FreeSteps) : state);
            ends[i] = end is DescentEnd.Fixed or DescentEnd.Slow
                ? new Ended(end, [.. descent.State], [.. descent.Slopes], descent.Q)
                : new Ended(end, [], [], descent.Q);
            _idle.Add(descent);
            tally?.Add();
        }, cancellation);
        return ends;
    }

    private void Take(Ended end)
    {
        _ends[(int)end.End]++;
        if (end.End is not (DescentEnd.Fixed or DescentEnd.Slow)) return;
        var points = end.End == DescentEnd.Fixed ? _still : _slow;
        var known = points.Find(point => IsNear(point.End.State, end.State));
        if (known is null) points.Add(new Found(end));
        else
        {
            known.Starts++;
            if (!(end.Q < known.End.Q)) return;
            (known.End, known.Jacobian) = (end, null);
        }
        if (points == _still) _version++;
    }

    private bool IsNear(double[] one, double[] other)
    {
        var farthest = 0.0;
        for (var j = 0; j < one.Length; j++) farthest = Math.Max(farthest, Math.Abs(one[j] - other[j]));
        return farthest < options.Distance;
    }

    private void DescribeAll(List<Found> points)
    {
        Found[] unknown = [.. points.Where(point => point.Jacobian is null)];
        ThreadTeam.ForEach(unknown.Length, threads, i => Describe(unknown[i]), cancellation);
    }

    private FixedPoint Describe(Found found)
    {
        if (found.Jacobian is null)
            (found.Jacobian, found.Rates) = (JacobianSpectrum.Of(map, found.End.Slopes, solver), map.Rates(found.State));
        return new FixedPoint(found.State, found.End.Q, found.Jacobian.Eigenvalues, found.Starts)
        {
            Rates = found.Rates, IsOfVoltages = map.IsOfVoltages, Theory = found.Jacobian.Theory, Jacobian = found.Jacobian,
        };
    }

    /// <summary>Starts, the unstable point whose surroundings they are, and the random numbers behind them.</summary>
    private sealed record Proposal(StateToSearch[] Starts, Found? Followed, FurtherStates.Place After);

    /// <summary>Where a descent has ended; states and slopes are kept of fixed and slow points.</summary>
    private readonly record struct Ended(DescentEnd End, double[] State, double[] Slopes, double Q);

    private sealed class Found(Ended end)
    {
        public Ended End { get; set; } = end;

        public double[] State => End.State;

        public int Starts { get; set; } = 1;

        public JacobianSpectrum? Jacobian { get; set; }

        public double[] Rates { get; set; } = [];
    }
}

/// <summary>A state to search from.</summary>
/// <param name="State">The state.</param>
/// <param name="RunsFreely">Whether it first runs freely towards what attracts it.</param>
internal readonly record struct StateToSearch(double[] State, bool RunsFreely);
