namespace EiRnnFast.Kernels.Cells;

/// <summary>
/// What a unit does with the sum z = r_{t−1}·W_rec + x_t·W_in + b that reaches it: its rate r, which is fed back and read out, and, on the
/// way back, δ = ∂L/∂z. With a leak, α and 1 − α are given a lane, and a cell keeps what it needs beside the rates.
/// </summary>
internal interface ICell
{
    /// <summary>The cell's name.</summary>
    static abstract string Name { get; }

    /// <summary>Whether it reads α, and keeps values beside the rates.</summary>
    static abstract bool HasLeak { get; }

    /// <summary>Whether a sum of 0, from rest, gives a rate of 0. Otherwise the rates of padded units are cleared after a step.</summary>
    static abstract bool IsZeroAtZero { get; }

    /// <summary>The rates of two rows.</summary>
    /// <param name="sum">z.</param>
    /// <param name="least">Magnitudes below are 0: see <see cref="KernelSet.LeastState"/>.</param>
    /// <param name="leak">α and 1 − α, for cells that have a leak.</param>
    /// <param name="before">r_{t−1}.</param>
    /// <param name="kept">What the cell keeps; written.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    static abstract Pair<TLane> Rate<TLane>(Pair<TLane> sum, Pair<TLane> least, in Leak<TLane> leak, ref float before, ref float kept,
        nint stride)
        where TLane : struct, ILane<TLane>;

    /// <summary>δ of two rows.</summary>
    /// <param name="pull">δ_{t+1}·W_recᵀ + dy_t·W_outᵀ.</param>
    /// <param name="rate">r_t.</param>
    /// <param name="leak">As in <see cref="Rate{TLane}"/>.</param>
    /// <param name="after">δ_{t+1}.</param>
    /// <param name="kept">What the cell kept at this step.</param>
    /// <param name="carry">∂L/∂r_{t+1}, for cells that need it; overwritten with that of t.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    static abstract Pair<TLane> Delta<TLane>(Pair<TLane> pull, Pair<TLane> rate, in Leak<TLane> leak, ref float after, ref float kept,
        ref float carry, nint stride)
        where TLane : struct, ILane<TLane>;

    /// <summary>The rate of one unit, for the scalar set.</summary>
    static abstract float Rate(float sum, float alpha, float before, ref float kept);

    /// <summary>δ of one unit, for the scalar set.</summary>
    static abstract float Delta(float pull, float rate, float alpha, float after, float kept, ref float carry);

    /// <summary>The activation, in double.</summary>
    static abstract double Value(double sum);

    /// <summary>The activation's slope from its value, in double.</summary>
    static abstract double Slope(double value);
}

/// <summary>α and 1 − α of one lane of units, for two rows.</summary>
internal readonly struct Leak<TLane>(TLane alpha) where TLane : struct, ILane<TLane>
{
    public readonly Pair<TLane> Alpha = Pair<TLane>.Same(alpha), Rest = Pair<TLane>.Same(TLane.Broadcast(1f) - alpha);
}
