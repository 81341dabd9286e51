namespace EiRnnFast.Kernels;

/// <summary>What happens to a tile of sums as soon as it is complete, while it is in L1.</summary>
internal interface IEpilogue<TLane> where TLane : struct, ILane<TLane>
{
    /// <summary>Called before the tile is computed: the time to ask for what <see cref="Finish"/> will read.</summary>
    void Prepare<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape;

    /// <summary>
    /// Finishes, in place, the tile whose first element is row <paramref name="row"/>, column <paramref name="column"/> of C.
    /// </summary>
    void Finish<TShape>(ref float tile, nint row, nint column) where TShape : struct, ITileShape;
}
