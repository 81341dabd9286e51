using System.Numerics;

namespace EiRnnFast.Similarity;

/// <summary>
/// The Wasserstein distance W₁ of two sets of eigenvalues, each of weight 1 in all: the least mean distance |λ − μ| over which the one is
/// carried to the other. Exact, also for sets of different size: successive shortest paths with potentials (Edmonds and Karp 1972), on
/// whole numbers of equal parts. For n eigenvalues each it is the linear assignment problem: the least sum over pairs, over n.
/// </summary>
public static class SpectralTransport
{
    /// <summary>The distance.</summary>
    /// <exception cref="InvalidInputException">No eigenvalue, or one that is not finite.</exception>
    public static double Distance(IReadOnlyList<Complex> first, IReadOnlyList<Complex> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count == 0 || second.Count == 0 || !first.All(Complex.IsFinite) || !second.All(Complex.IsFinite))
            throw InvalidInputException.Of("eigenvalues to compare",
                first.Count == 0 || second.Count == 0 ? "none" : "one that is not finite", "finite ones", "leave this network out");
        return new Plan(first, second).Cost();
    }

    /// <summary>What is carried where.</summary>
    private sealed class Plan
    {
        private readonly int _sources, _targets;
        private readonly double[] _costs; // [source×target]
        private readonly long[] _flow, _supply, _demand;
        private readonly long _full, _total;
        private readonly double[] _u, _v; // cost − u − v is 0 where something is carried, nowhere below

        // One search: distances of targets and sources from where it begins, and what each was reached from.
        private readonly double[] _distance, _reached;
        private readonly int[] _from, _via;
        private readonly bool[] _scanned, _isReached;

        public Plan(IReadOnlyList<Complex> first, IReadOnlyList<Complex> second)
        {
            (_sources, _targets) = (first.Count, second.Count);
            _costs = new double[_sources * _targets];
            for (var i = 0; i < _sources; i++)
                for (var j = 0; j < _targets; j++) _costs[i * _targets + j] = Complex.Abs(first[i] - second[j]);
            var common = (int)BigInteger.GreatestCommonDivisor(_sources, _targets);
            _full = _targets / common;
            _total = _sources * _full;
            (_supply, _demand, _flow) = (new long[_sources], new long[_targets], new long[_costs.Length]);
            Array.Fill(_supply, _full);
            Array.Fill(_demand, _sources / common);
            (_u, _v) = (new double[_sources], new double[_targets]);
            (_distance, _from, _scanned) = (new double[_targets], new int[_targets], new bool[_targets]);
            (_reached, _via, _isReached) = (new double[_sources], new int[_sources], new bool[_sources]);
        }

        public double Cost()
        {
            Begin();
            for (var source = 0; source < _sources; source++)
                while (_supply[source] > 0) Carry(source);
            var cost = 0.0;
            for (var k = 0; k < _flow.Length; k++)
                if (_flow[k] > 0) cost += _flow[k] * _costs[k];
            return cost / _total;
        }

        /// <summary>Carries what fits to every target from its nearest source, then from every source that has all left.</summary>
        private void Begin()
        {
            for (var j = 0; j < _targets; j++)
            {
                var nearest = 0;
                for (var i = 1; i < _sources; i++)
                    if (_costs[i * _targets + j] < _costs[nearest * _targets + j]) nearest = i;
                _v[j] = _costs[nearest * _targets + j];
                Move(nearest, j);
            }
            for (var i = 0; i < _sources; i++)
            {
                if (_supply[i] < _full) continue;
                var nearest = 0;
                for (var j = 1; j < _targets; j++)
                    if (Left(i, j) < Left(i, nearest)) nearest = j;
                _u[i] = Left(i, nearest);
                Move(i, nearest);
            }
        }

        private double Left(int source, int target) => _costs[source * _targets + target] - _u[source] - _v[target];

        private void Move(int source, int target)
        {
            var amount = Math.Min(_supply[source], _demand[target]);
            _supply[source] -= amount;
            _demand[target] -= amount;
            _flow[source * _targets + target] += amount;
        }

        /// <summary>Carries something along the shortest path from a source to a target that still takes some.</summary>
        private void Carry(int source)
        {
            var end = Search(source);
            var length = _distance[end];
            for (var i = 0; i < _sources; i++)
                if (_isReached[i]) _u[i] += length - _reached[i];
            for (var j = 0; j < _targets; j++)
                if (_scanned[j]) _v[j] -= length - _distance[j];
            var amount = Math.Min(_supply[source], _demand[end]);
            for (var i = _from[end]; i != source; i = _from[_via[i]]) amount = Math.Min(amount, _flow[i * _targets + _via[i]]);
            _supply[source] -= amount;
            _demand[end] -= amount;
            for (int j = end, i = _from[end]; ; j = _via[i], i = _from[j])
            {
                _flow[i * _targets + j] += amount;
                if (i == source) return;
                _flow[i * _targets + _via[i]] -= amount;
            }
        }

        /// <summary>Dijkstra's search over what is left of the costs; back from a target to those that carry to it costs nothing.</summary>
        private int Search(int source)
        {
            Array.Clear(_scanned);
            Array.Clear(_isReached);
            Array.Fill(_distance, double.PositiveInfinity);
            Reach(source, 0, -1);
            while (true)
            {
                var nearest = -1;
                for (var j = 0; j < _targets; j++)
                    if (!_scanned[j] && (nearest < 0 || _distance[j] < _distance[nearest])) nearest = j;
                _scanned[nearest] = true;
                if (_demand[nearest] > 0) return nearest;
                for (var i = 0; i < _sources; i++)
                    if (!_isReached[i] && _flow[i * _targets + nearest] > 0) Reach(i, _distance[nearest], nearest);
            }
        }

        private void Reach(int source, double distance, int via)
        {
            (_isReached[source], _reached[source], _via[source]) = (true, distance, via);
            var costs = _costs.AsSpan(source * _targets, _targets);
            var rest = distance - _u[source];
            for (var j = 0; j < costs.Length; j++)
                if (!_scanned[j] && costs[j] - _v[j] + rest is var length && length < _distance[j])
                    (_distance[j], _from[j]) = (length, source);
        }
    }
}
