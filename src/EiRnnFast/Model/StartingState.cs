
namespace EiRnnFast.Model;

/// <summary>What rows hold before the first step, and the α and noise of their cell.</summary>
internal static class StartingState
{
    /// <summary>α of every unit, 1 in the padding; empty for a cell without a leak.</summary>
    public static float[] Alpha(NetworkSpec spec, int width)
    {
        if (!spec.Cell.HasLeak) return [];
        var alpha = new float[width];
        Array.Fill(alpha, 1);
        for (var j = 0; j < spec.Units; j++) alpha[j] = (float)spec.Cell.AlphaOf(j);
        return alpha;
    }

    /// <summary>What a standard normal number is multiplied by before it is added to z, √(2/α)·σ, [N].</summary>
    public static float[] NoiseScale(NetworkSpec spec) =>
        [.. Enumerable.Range(0, spec.Units).Select(j => (float)(Math.Sqrt(2 / spec.Cell.AlphaOf(j)) * spec.Cell.Noise))];

    /// <summary>
    /// Fills rows with the initial state: rates are r₋₁, or f(v₋₁) of the form voltage, where <paramref name="kept"/> is v₋₁.
    /// </summary>
    /// <param name="spec">Whose cell it is.</param>
    /// <param name="initial">r₋₁ or v₋₁, [N] or longer.</param>
    /// <param name="width">Floats of a row.</param>
    /// <param name="rates">Overwritten, [rows×W].</param>
    /// <param name="kept">Overwritten where the form is voltage and there is a leak, [rows×W].</param>
    public static void Fill(NetworkSpec spec, ReadOnlySpan<float> initial, int width, Span<float> rates, Span<float> kept)
    {
        var (units, isVoltage, cell) = (spec.Units, spec.Cell.Form == CellForm.Voltage, spec.Cell.Kernels);
        var keepsVoltage = isVoltage && spec.Cell.HasLeak;
        rates.Clear();
        if (keepsVoltage) kept.Clear();
        if (!initial[..units].ContainsAnyExcept(0f) && (!isVoltage || cell.IsZeroAtZero)) return;
        Span<double> part = stackalloc double[Math.Min(units, 256)];
        for (var start = 0; start < units; start += part.Length)
        {
            var values = part[..Math.Min(part.Length, units - start)];
            for (var j = 0; j < values.Length; j++) values[j] = initial[start + j];
            if (isVoltage) cell.Values(values);
            for (var j = 0; j < values.Length; j++) rates[start + j] = (float)values[j];
        }
        for (var row = width; row < rates.Length; row += width) rates[..width].CopyTo(rates[row..]);
        if (!keepsVoltage) return;
        for (var row = 0; row < rates.Length; row += width) initial[..units].CopyTo(kept[row..]);
    }
}
