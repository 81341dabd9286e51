namespace EiRnnFast.Kernels.Cells;

/// <summary>f of a cell: its value at a sum, and its slope f′ from the value. Once over registers, once in each precision.</summary>
internal interface IActivation
{
    static abstract string Name { get; }

    /// <summary>Whether f(0) = 0, which keeps padding zero and lets sums that are almost 0 count as 0.</summary>
    static abstract bool IsZeroAtZero { get; }

    static abstract T Value<T>(T sum) where T : struct, IElementwise<T>;

    /// <summary>f′ at the sum whose value this is; 0 at a kink.</summary>
    static abstract T Slope<T>(T value) where T : struct, IElementwise<T>;

    static abstract float Value(float sum);

    static abstract float Slope(float value);

    static abstract double Value(double sum);

    static abstract double Slope(double value);
}
