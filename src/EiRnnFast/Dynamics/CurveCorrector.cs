using EiRnnFast.Spectra;

namespace EiRnnFast.Dynamics;

/// <summary>
/// Newton's method for F(h; x(s)) = h on a hyperplane of (h, s), in double precision: the bordered system is regular at folds, too.
/// Lengths are √(‖Δh‖²/N + Δs²). Holds its buffers.
/// </summary>
internal sealed class CurveCorrector
{
    private const int MostIterations = 12; // four are usual
    private const double Still = 1e-26, FixedTolerance = 1e-20; // q = ½‖F(h) − h‖²

    private readonly RecurrentMap _map;
    private readonly InputPath _path;
    private readonly EigenSolver _solver;
    private readonly int _n;
    private readonly LinearSystem _system;
    private readonly double[] _direction, _image, _slopes, _jacobian, _ofInput, _right, _step;

    public CurveCorrector(RecurrentMap map, InputPath path, EigenSolver solver)
    {
        (_map, _path, _solver, _n) = (map, path, solver, map.Units);
        _system = new LinearSystem(_n + 1);
        _direction = [.. path.From.Zip(path.To, (from, to) => to - from)];
        (_image, _slopes, _jacobian) = (new double[_n], new double[_n], new double[_n * _n]);
        (_ofInput, _right, _step) = (new double[map.Inputs * _n], new double[_n + 1], new double[_n + 1]);
    }

    /// <summary>Steps of the last correction.</summary>
    public int Iterations { get; private set; }

    /// <summary>The length of a difference.</summary>
    public double Length(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = 0.0;
        for (var i = 0; i < _n; i++) sum += (one[i] - other[i]) * (one[i] - other[i]);
        return Math.Sqrt(sum / _n + (one[_n] - other[_n]) * (one[_n] - other[_n]));
    }

    /// <summary>The inner product of two directions.</summary>
    public double Inner(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = 0.0;
        for (var i = 0; i < _n; i++) sum += one[i] * other[i];
        return sum / _n + one[_n] * other[_n];
    }

    /// <summary>The fixed point on the hyperplane through u across a direction; null where Newton's method does not end in one.</summary>
    /// <param name="u">h and s, [N + 1].</param>
    /// <param name="across">The direction, which the tangent there will follow; of s alone, a fixed point under the input of u.</param>
    public CurveNode? Correct(ReadOnlySpan<double> u, double[] across)
    {
        double[] at = [.. u];
        var (q, best) = (double.PositiveInfinity, (double[]?)null);
        for (Iterations = 0; ; Iterations++)
        {
            Evaluate(at);
            var now = 0.0;
            for (var j = 0; j < _n; j++) now += 0.5 * _right[j] * _right[j];
            if (now < q) (q, best) = (now, [.. at]);
            else if (q <= FixedTolerance) break; // as near as rounding lets it come
            if (!double.IsFinite(now)) return null;
            if (now <= Still) break;
            if (Iterations == MostIterations) return null;
            Border(across);
            if (!_system.Factorise()) return null;
            _right[_n] = 0;
            _system.Solve(_right, _step);
            for (var i = 0; i <= _n; i++) at[i] += _step[i];
        }
        if (best is null || q > FixedTolerance) return null;
        Evaluate(best);
        Border(across);
        if (!_system.Factorise()) return null;
        Array.Clear(_right);
        _right[_n] = 1;
        var tangent = new double[_n + 1];
        _system.Solve(_right, tangent);
        var length = Math.Sqrt(Inner(tangent, tangent));
        if (!(length > 0 && double.IsFinite(length))) return null;
        for (var i = 0; i <= _n; i++) tangent[i] /= length;
        return new CurveNode(best, tangent, _solver.Eigenvalues(_jacobian, _n));
    }

    /// <summary>Jacobian and residual h − F, the right side of Newton's step.</summary>
    private void Evaluate(double[] at)
    {
        _map.StepAndSlopes(at.AsSpan(0, _n), _path.At(at[_n]), _image, _slopes);
        _map.Linear(_slopes, _jacobian);
        for (var j = 0; j < _n; j++) _right[j] = at[j] - _image[j];
    }

    /// <summary>[∂F/∂h − I, ∂F/∂s; across], with equations in rows.</summary>
    private void Border(double[] across)
    {
        var matrix = _system.Matrix;
        var width = _n + 1;
        _map.InputLinear(_slopes, _ofInput);
        for (var j = 0; j < _n; j++)
        {
            for (var i = 0; i < _n; i++) matrix[j * width + i] = _jacobian[i * _n + j] - (i == j ? 1 : 0);
            var ofS = 0.0;
            for (var c = 0; c < _direction.Length; c++) ofS += _direction[c] * _ofInput[c * _n + j];
            matrix[j * width + _n] = ofS;
        }
        for (var i = 0; i < _n; i++) matrix[_n * width + i] = across[i] / _n;
        matrix[_n * width + _n] = across[_n];
    }
}
