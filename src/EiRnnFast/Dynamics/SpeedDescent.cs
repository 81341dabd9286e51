using EiRnnFast.Kernels;

namespace EiRnnFast.Dynamics;

/// <summary>
/// Minimises q(h) = ½‖r‖², r = F(h) − h, by Levenberg–Marquardt steps: (A·Aᵀ + μI)δ = −A·r with A[i, j] = ∂F_j/∂h_i − δ_ij, the
/// analytic Jacobian. μ = λ‖r‖ makes the end quadratic even where A is singular, as on a line attractor (Fan and Yuan 2005).
/// Holds its buffers; one descent at a time.
/// </summary>
internal sealed class SpeedDescent(RecurrentMap map, FixedPointOptions options)
{
    private const double SmallestDamping = 1e-8, LargestDamping = 1e16;

    private readonly int _n = map.Units;
    private readonly double[] _a = new double[map.Units * map.Units], _normal = new double[map.Units * map.Units],
        _factor = new double[map.Units * map.Units];
    private double[] _h = new double[map.Units], _image = new double[map.Units], _trial = new double[map.Units],
        _trialImage = new double[map.Units], _slopes = new double[map.Units], _trialSlopes = new double[map.Units];
    private readonly double[] _residual = new double[map.Units], _gradient = new double[map.Units], _step = new double[map.Units];

    /// <summary>The state where the last descent has ended; valid until the next.</summary>
    public ReadOnlySpan<double> State => _h;

    /// <summary>f′ at <see cref="State"/>, as <see cref="RecurrentMap.Linear"/> takes it.</summary>
    public ReadOnlySpan<double> Slopes => _slopes;

    /// <summary>q there.</summary>
    public double Q { get; private set; }

    /// <summary>Descends from a state.</summary>
    public DescentEnd From(ReadOnlySpan<double> start)
    {
        start.CopyTo(_h);
        map.StepAndSlopes(_h, _image, _slopes);
        Q = Speed(_h, _image);
        var damping = 1.0;
        for (var iteration = 0; iteration < options.Iterations && Q > 0; iteration++)
        {
            Linearise();
            if (AtMinimum()) break;
            DoubleProducts.LowerGram(_a, _n, _normal);
            bool accepted = false, still = false;
            while (!accepted && !still && damping <= LargestDamping)
            {
                var mu = damping * Math.Sqrt(2 * Q);
                if (Solve(mu))
                {
                    double predicted = 0, length2 = 0;
                    for (var i = 0; i < _n; i++)
                    {
                        _trial[i] = _h[i] + _step[i];
                        predicted += 0.5 * _step[i] * (mu * _step[i] - _gradient[i]);
                        length2 += _step[i] * _step[i];
                    }
                    map.StepAndSlopes(_trial, _trialImage, _trialSlopes);
                    var q = Speed(_trial, _trialImage);
                    still = length2 <= options.StepTolerance * options.StepTolerance;
                    accepted = q < Q && (Q - q) >= 1e-4 * predicted;
                    if (accepted)
                    {
                        var gain = (Q - q) / predicted;
                        (_h, _trial) = (_trial, _h);
                        (_image, _trialImage) = (_trialImage, _image);
                        (_slopes, _trialSlopes) = (_trialSlopes, _slopes);
                        Q = q;
                        if (gain > 0.75) damping = Math.Max(damping / 4, SmallestDamping);
                        else if (gain < 0.25) damping *= 4;
                    }
                    else if (Q <= options.FixedTolerance) still = true; // as near as rounding lets it come
                }
                if (!accepted) damping *= 4;
            }
            if (still || !accepted) break;
        }
        if (Q <= options.FixedTolerance) return DescentEnd.Fixed;
        Linearise();
        if (!AtMinimum()) return DescentEnd.Unfinished;
        return Q <= options.SlowTolerance ? DescentEnd.Slow : DescentEnd.Fast;
    }

    private static double Speed(ReadOnlySpan<double> h, ReadOnlySpan<double> image)
    {
        var sum = 0.0;
        for (var i = 0; i < h.Length; i++) sum += (image[i] - h[i]) * (image[i] - h[i]);
        return sum / 2;
    }

    /// <summary>A and the gradient A·r at the current state.</summary>
    private void Linearise()
    {
        map.Linear(_slopes, _a);
        for (var i = 0; i < _n; i++) _a[i * _n + i] -= 1;
        for (var i = 0; i < _n; i++) _residual[i] = _image[i] - _h[i];
        for (var i = 0; i < _n; i++) _gradient[i] = DoubleProducts.Dot(_a.AsSpan(i * _n, _n), _residual);
    }

    /// <summary>Whether q has its minimum here and is not 0.</summary>
    private bool AtMinimum() => Q > options.FixedTolerance
        && DoubleProducts.Dot(_gradient, _gradient) <= options.GradientTolerance * options.GradientTolerance * 2 * Q;

    /// <summary>δ by Cholesky's factorisation of A·Aᵀ + μI; false where rounding has made it indefinite.</summary>
    private bool Solve(double mu)
    {
        for (var i = 0; i < _n; i++)
        {
            var row = _factor.AsSpan(i * _n, i);
            for (var k = 0; k < i; k++)
                row[k] = (_normal[i * _n + k] - DoubleProducts.Dot(row[..k], _factor.AsSpan(k * _n, k))) / _factor[k * _n + k];
            var pivot = _normal[i * _n + i] + mu - DoubleProducts.Dot(row, row);
            if (!(pivot > 0)) return false;
            _factor[i * _n + i] = Math.Sqrt(pivot);
        }
        for (var i = 0; i < _n; i++)
            _step[i] = (-_gradient[i] - DoubleProducts.Dot(_factor.AsSpan(i * _n, i), _step.AsSpan(0, i))) / _factor[i * _n + i];
        for (var i = _n - 1; i >= 0; i--)
        {
            _step[i] /= _factor[i * _n + i];
            for (var k = 0; k < i; k++) _step[k] -= _factor[i * _n + k] * _step[i];
        }
        return true;
    }
}
