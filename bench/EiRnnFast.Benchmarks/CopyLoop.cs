using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EiRnnFast.Benchmarks;

/// <summary>What memory gives one thread: copies between two buffers that no cache holds.</summary>
internal sealed unsafe class CopyLoop : IDisposable
{
    private const long Least = 32L << 20, Most = 512L << 20;
    private const int Piece = 1 << 20;

    private readonly byte* _from, _to;
    private readonly long _length;

    /// <summary>Call it on the thread that will measure: memory is near the core that first writes it.</summary>
    /// <param name="threads">Threads that measure at once; their buffers together are four times the last-level cache, or more.</param>
    public CopyLoop(int threads)
    {
        _length = Math.Clamp(4 * LastLevelCache / threads, Least, Most) / Piece * Piece;
        _from = (byte*)NativeMemory.AlignedAlloc((nuint)_length, 4096);
        _to = (byte*)NativeMemory.AlignedAlloc((nuint)_length, 4096);
        NativeMemory.Fill(_from, (nuint)_length, 1);
        NativeMemory.Fill(_to, (nuint)_length, 2);
    }

    /// <summary>Bytes of the largest cache, 32 MiB where the system does not say.</summary>
    public static long LastLevelCache { get; } = FindCache();

    /// <summary>GB/s, read and written, over about the given time.</summary>
    public double Measure(double milliseconds)
    {
        var (start, copied, at) = (Stopwatch.GetTimestamp(), 0L, 0L);
        do
        {
            NativeMemory.Copy(_from + at, _to + at, Piece);
            copied += Piece;
            at = at + Piece < _length ? at + Piece : 0;
        }
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds);
        return 2 * copied / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_from);
        NativeMemory.AlignedFree(_to);
    }

    private static long FindCache()
    {
        const string folder = "/sys/devices/system/cpu/cpu0/cache";
        const long unknown = 32L << 20;
        if (!Directory.Exists(folder)) return unknown;
        long[] sizes =
        [
            .. Directory.GetDirectories(folder, "index*").Select(index => Path.Combine(index, "size")).Where(File.Exists)
                .Select(file => File.ReadAllText(file).Trim())
                .Select(text => long.TryParse(text.TrimEnd('K'), CultureInfo.InvariantCulture, out var size) ? size << 10 : 0),
        ];
        return sizes.Length > 0 && sizes.Max() > 0 ? sizes.Max() : unknown;
    }
}
