namespace EiRnnFast.Similarity;

/// <summary>
/// Ascents of ⟨A, C·B·Cᵀ⟩ over the orthogonal matrices C of one determinant: limited-memory BFGS in the antisymmetric matrices Ω of steps
/// C ← (1 − Ω/2)⁻¹·(1 + Ω/2)·C, after Cayley, which stay orthogonal.
/// </summary>
internal sealed class AlignmentDescent(double[] a, double[] b, int n)
{
    private const int Remembered = 12, MostHalvings = 30;
    private const double Flat = 1e-12, LargestStep = 1;


    /// <summary>Goes up from a start until it is flat.</summary>
    /// <returns>⟨A, C·B·Cᵀ⟩, and C.</returns>
    public (double Value, double[] Transform) Run(double[] start, int iterations)
    {
        double[] c = [.. start], moved = SquareMatrix.ProductTransposed(SquareMatrix.Product(c, b, n), c, n);
        var value = SquareMatrix.Inner(a, moved);
        var gradient = Gradient(moved);
        List<(double[] Step, double[] Change, double Product)> memory = [];
        for (var iteration = 0; iteration < iterations && gradient.Any(slope => Math.Abs(slope) > Flat); iteration++)
        {
            var direction = Direction(gradient, memory);
            var rise = SquareMatrix.Inner(direction, gradient);
            if (rise <= 0)
            {
                memory.Clear();
                direction = [.. gradient];
                rise = SquareMatrix.Inner(gradient, gradient);
            }
            var length = Math.Min(1, LargestStep / SquareMatrix.Norm(direction));
            var found = false;
            for (var halving = 0; halving < MostHalvings && !found; halving++, length /= 2)
            {
                double[] step = [.. direction.Select(part => length * part)];
                var turn = Cayley(step);
                var next = SquareMatrix.ProductTransposed(SquareMatrix.Product(turn, moved, n), turn, n);
                var higher = SquareMatrix.Inner(a, next);
                if (higher < value + 1e-4 * length * rise) continue;
                found = true;
                var slope = Gradient(next);
                double[] change = [.. gradient.Zip(slope, (before, after) => before - after)];
                var product = SquareMatrix.Inner(step, change);
                if (product > 1e-10 * SquareMatrix.Norm(step) * SquareMatrix.Norm(change)) memory.Add((step, change, product));
                if (memory.Count > Remembered) memory.RemoveAt(0);
                (c, moved, value, gradient) = (SquareMatrix.Product(turn, c, n), next, higher, slope);
            }
            if (!found) break; // as high as rounding allows
        }
        return (value, c);
    }

    /// <summary>Of the parts of Ω below the diagonal: A·Mᵀ − Mᵀ·A, antisymmetric part twice.</summary>
    private double[] Gradient(double[] moved)
    {
        double[] left = SquareMatrix.ProductTransposed(a, moved, n), right = SquareMatrix.Product(SquareMatrix.Transposed(moved, n), a, n);
        var gradient = new double[n * (n - 1) / 2];
        for (int i = 1, k = 0; i < n; i++)
            for (var j = 0; j < i; j++, k++)
                gradient[k] = left[i * n + j] - right[i * n + j] - left[j * n + i] + right[j * n + i];
        return gradient;
    }

    /// <summary>The two-loop recursion (Nocedal 1980), upwards.</summary>
    private static double[] Direction(double[] gradient, List<(double[] Step, double[] Change, double Product)> memory)
    {
        double[] direction = [.. gradient], parts = new double[memory.Count];
        for (var k = memory.Count - 1; k >= 0; k--)
        {
            parts[k] = SquareMatrix.Inner(memory[k].Step, direction) / memory[k].Product;
            for (var i = 0; i < direction.Length; i++) direction[i] -= parts[k] * memory[k].Change[i];
        }
        if (memory.Count > 0)
        {
            var scale = memory[^1].Product / SquareMatrix.Inner(memory[^1].Change, memory[^1].Change);
            for (var i = 0; i < direction.Length; i++) direction[i] *= scale;
        }
        for (var k = 0; k < memory.Count; k++)
        {
            var part = SquareMatrix.Inner(memory[k].Change, direction) / memory[k].Product;
            for (var i = 0; i < direction.Length; i++) direction[i] += (parts[k] - part) * memory[k].Step[i];
        }
        return direction;
    }

    /// <summary>(1 − Ω/2)⁻¹·(1 + Ω/2).</summary>
    private double[] Cayley(double[] step)
    {
        double[] minus = new double[n * n], plus = new double[n * n];
        for (var i = 0; i < n; i++) minus[i * n + i] = plus[i * n + i] = 1;
        for (int i = 1, k = 0; i < n; i++)
            for (var j = 0; j < i; j++, k++)
            {
                minus[i * n + j] = plus[j * n + i] = -step[k] / 2;
                minus[j * n + i] = plus[i * n + j] = step[k] / 2;
            }
        return SquareMatrix.Solve(minus, plus, n);
    }
}
