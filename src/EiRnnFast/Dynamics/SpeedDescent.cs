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
    private readonly double[] _a = new double[map.Units * map.Units], _normal = new double[map.Units * map.Units], _factor = new double[map.Units * map.Units];
    private double[] _h = new double[map.Units], _image = new double[map.Units], _trial = new double[map.Units], _trialImage = new double[map.Units];
    private readonly double[] _gradient = new double[map.Units], _step = new double[map.Units];

    /// <summary>The state where the last descent has ended; valid until the next.</summary>
    public ReadOnlySpan<double> State => _h;

    /// <summary>F of <see cref="State"/>.</summary>
    public ReadOnlySpan<double> Image => _image;

    /// <summary>q there.</summary>
    public double Q { get; private set; }

    /// <summary>Descends from a state.</summary>
    public DescentEnd From(ReadOnlySpan<double> start)
    {
        start.CopyTo(_h);
        map.Step(_h, _image);
        Q = Speed(_h, _image);
        var damping = 1.0;
        for (var iteration = 0; iteration < options.Iterations && Q > 0; iteration++)
        {
            Linearise();
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
                    map.Step(_trial, _trialImage);
                    var q = Speed(_trial, _trialImage);
                    still = length2 <= options.StepTolerance * options.StepTolerance;
                    accepted = q < Q && (Q - q) >= 1e-4 * predicted;
                    if (accepted)
                    {
                        var gain = (Q - q) / predicted;
                        (_h, _trial, _image, _trialImage, Q) = (_trial, _h, _trialImage, _image, q);
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
        var gradient2 = 0.0;
        foreach (var g in _gradient) gradient2 += g * g;
        if (Math.Sqrt(gradient2) > options.GradientTolerance * Math.Sqrt(2 * Q)) return DescentEnd.Unfinished;
        return Q <= options.SlowTolerance ? DescentEnd.Slow : DescentEnd.Fast;
    }

    private static double Speed(ReadOnlySpan<double> h, ReadOnlySpan<double> image)
    {
        var sum = 0.0;
        for (var i = 0; i < h.Length; i++) sum += (image[i] - h[i]) * (image[i] - h[i]);
        return sum / 2;
    }

    /// <summary>A, A·Aᵀ (its lower half) and the gradient A·r at the current state.</summary>
    private void Linearise()
    {
        map.Jacobian(_image, _a);
        for (var i = 0; i < _n; i++) _a[i * _n + i] -= 1;
        for (var i = 0; i < _n; i++)
        {
            var row = _a.AsSpan(i * _n, _n);
            for (var k = 0; k <= i; k++) _normal[i * _n + k] = Dot(row, _a.AsSpan(k * _n, _n));
            var sum = 0.0;
            for (var j = 0; j < _n; j++) sum += row[j] * (_image[j] - _h[j]);
            _gradient[i] = sum;
        }
    }

    /// <summary>δ by Cholesky's factorisation of A·Aᵀ + μI; false where rounding has made it indefinite.</summary>
    private bool Solve(double mu)
    {
        for (var i = 0; i < _n; i++)
        {
            var row = _factor.AsSpan(i * _n, i);
            for (var k = 0; k < i; k++) row[k] = (_normal[i * _n + k] - Dot(row[..k], _factor.AsSpan(k * _n, k))) / _factor[k * _n + k];
            var pivot = _normal[i * _n + i] + mu - Dot(row, row);
            if (!(pivot > 0)) return false;
            _factor[i * _n + i] = Math.Sqrt(pivot);
        }
        for (var i = 0; i < _n; i++) _step[i] = (-_gradient[i] - Dot(_factor.AsSpan(i * _n, i), _step.AsSpan(0, i))) / _factor[i * _n + i];
        for (var i = _n - 1; i >= 0; i--)
        {
            _step[i] /= _factor[i * _n + i];
            for (var k = 0; k < i; k++) _step[k] -= _factor[i * _n + k] * _step[i];
        }
        return true;
    }

    /// <summary>Four sums side by side: one alone would wait for every addition.</summary>
    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        var i = 0;
        y = y[..x.Length];
        for (; i <= x.Length - 4; i += 4)
        {
            s0 += x[i] * y[i];
            s1 += x[i + 1] * y[i + 1];
            s2 += x[i + 2] * y[i + 2];
            s3 += x[i + 3] * y[i + 3];
        }
        for (; i < x.Length; i++) s0 += x[i] * y[i];
        return s0 + s1 + (s2 + s3);
    }
}
