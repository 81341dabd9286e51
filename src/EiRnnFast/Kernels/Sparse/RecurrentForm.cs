namespace EiRnnFast.Kernels.Sparse;

/// <summary>How the products with W_rec are formed.</summary>
internal enum RecurrentForm
{
    /// <summary>All weights are multiplied, those that do not exist as 0.</summary>
    Dense,

    /// <summary>Tiles without any weight are skipped.</summary>
    Blocks,

    /// <summary>Only weights that exist are multiplied.</summary>
    Sparse,
}
