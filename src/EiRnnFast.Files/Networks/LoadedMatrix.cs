using EiRnnFast.Model;

namespace EiRnnFast.Files;

/// <summary>A recurrent matrix read from a file.</summary>
/// <param name="Values">W_rec, [N×N], row-major, from row to column; exactly as stored.</param>
/// <param name="Units">N.</param>
/// <param name="Spec">The network's specification; null unless the file was written by <see cref="NetworkFile"/>.</param>
/// <param name="Network">The whole network; null if the file holds no input or no readout weights.</param>
public sealed record LoadedMatrix(double[] Values, int Units, NetworkSpec? Spec, EiRnn? Network);
