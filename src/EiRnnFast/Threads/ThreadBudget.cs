namespace EiRnnFast.Threads;

/// <summary>
/// How many threads a training may use; it asks before every update, so the number may change while it runs. Results do not depend on
/// it. Networks that are too small to gain use fewer.
/// </summary>
public sealed class ThreadBudget
{
    /// <summary>Most threads of one training.</summary>
    public const int Most = 4096;

    /// <summary>
    /// The fewest units that more than one thread is used for, and lanes that a thread has at least: one whole panel. Smaller networks
    /// train beside one another in a sweep, which loses nothing. By arithmetic (docs/performance.md), not yet by an idle machine.
    /// </summary>
    private const int LeastUnits = 256, LeastLanes = 3;

    private int _threads;

    /// <summary>A budget.</summary>
    /// <param name="threads">1 to 4096.</param>
    /// <exception cref="InvalidInputException">Another number.</exception>
    public ThreadBudget(int threads = 1) => Threads = threads;

    /// <summary>Threads that may be used, the calling one included; may be set from any thread.</summary>
    /// <exception cref="InvalidInputException">Not 1 to 4096.</exception>
    public int Threads
    {
        get => Volatile.Read(ref _threads);
        set => Volatile.Write(ref _threads, Checked(value));
    }

    /// <summary>Cores that this process may use.</summary>
    public static int Cores => ThreadTeam.Cores;

    /// <summary>Whether so many threads are used as are given, however small the network: to test with.</summary>
    internal bool IsForced { get; init; }

    /// <summary>The number itself.</summary>
    /// <exception cref="InvalidInputException">Not 1 to 4096.</exception>
    public static int Checked(int threads) => threads is >= 1 and <= Most ? threads
        : throw InvalidInputException.Of("threads", threads, $"1 to {Most}", "one per core is usual");

    /// <summary>All cores where no number is said.</summary>
    /// <inheritdoc cref="Checked"/>
    internal static int OrCores(int? threads) => threads is { } number ? Checked(number) : Cores;

    /// <summary>The threads that a network uses of those it may use: 1 where more do not pay.</summary>
    /// <param name="units">N.</param>
    /// <param name="lane">Floats of a register, <see cref="Kernels.KernelSet.LaneWidth"/>.</param>
    /// <param name="threads">Threads that may be used.</param>
    public static int For(int units, int lane, int threads) =>
        units < LeastUnits ? 1 : Math.Max(1, Math.Min(threads, units / (LeastLanes * Math.Max(lane, 8))));

    /// <summary>The threads that a network uses now.</summary>
    internal int Now(int units, int lane) => IsForced ? Threads : For(units, lane, Threads);
}
