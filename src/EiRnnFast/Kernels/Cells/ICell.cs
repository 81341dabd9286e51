namespace EiRnnFast.Kernels.Cells;

/// <summary>
/// What a unit does with the sum that reaches it: its state from (sum, state before), and the slope ∂state/∂sum from the state
/// that is stored. Each once over two registers, in single and in double precision. State(0, 0) is 0, which keeps padding zero.
/// </summary>
internal interface ICell
{
    /// <summary>The cell's name.</summary>
    static abstract string Name { get; }

    /// <summary>The state, for the lane sets.</summary>
    /// <param name="sum">What reaches the unit, of two rows.</param>
    /// <param name="before">Where the first row's states before lie; a cell that needs them loads them, as a pair.</param>
    /// <param name="stride">Floats from there to the second row's.</param>
    static abstract Pair<TLane> State<TLane>(Pair<TLane> sum, ref float before, nint stride) where TLane : struct, ILane<TLane>;

    /// <summary>The slope, for the lane sets.</summary>
    static abstract Pair<TLane> Slope<TLane>(Pair<TLane> state) where TLane : struct, ILane<TLane>;

    /// <summary>The state, for the scalar set.</summary>
    static abstract float State(float sum, float before);

    /// <summary>The slope, for the scalar set.</summary>
    static abstract float Slope(float state);

    /// <summary>The state, for analyses.</summary>
    static abstract double State(double sum, double before);

    /// <summary>The slope, for analyses.</summary>
    static abstract double Slope(double state);
}
