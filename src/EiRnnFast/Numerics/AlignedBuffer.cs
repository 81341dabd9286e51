using System.Runtime.CompilerServices;

namespace EiRnnFast.Numerics;

/// <summary>
/// A zero-filled run of floats whose first element lies on a 64-byte boundary and does not move: a 512-bit load
/// that straddles two cache lines costs the kernels a third of their speed.
/// </summary>
internal sealed class AlignedBuffer
{
    private const int AlignmentBytes = 64;
    private readonly float[] _storage;
    private readonly int _offset;

    public AlignedBuffer(long length)
    {
        if (length > Array.MaxLength - AlignmentBytes)
            throw InvalidInputException.Of("buffer", $"{length} floats", $"at most {Array.MaxLength - AlignmentBytes}",
                "use fewer units, a smaller batch or shorter trials");
        Length = (int)length;
        _storage = GC.AllocateArray<float>(Length + AlignmentBytes / sizeof(float), pinned: true);
        _offset = OffsetOfAlignedElement(_storage);
    }

    public int Length { get; }

    public Span<float> Span => _storage.AsSpan(_offset, Length);

    private static unsafe int OffsetOfAlignedElement(float[] pinned)
    {
        var address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        return (int)((AlignmentBytes - address % AlignmentBytes) % AlignmentBytes / sizeof(float));
    }
}
