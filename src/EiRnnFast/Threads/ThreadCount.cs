namespace EiRnnFast.Threads;

/// <summary>How many threads somebody asks for.</summary>
internal static class ThreadCount
{
    /// <summary>More than any machine has cores for.</summary>
    public const int Most = 1024;

    /// <summary>The number itself.</summary>
    /// <exception cref="InvalidInputException">Below 1 or above <see cref="Most"/>.</exception>
    public static int Checked(int threads) => threads is >= 1 and <= Most ? threads
        : throw InvalidInputException.Of("threads", threads, $"1 to {Most}", "the number of cores is usual");

    /// <summary>All cores where no number is said.</summary>
    /// <inheritdoc cref="Checked"/>
    public static int OrCores(int? threads) => threads is { } number ? Checked(number) : ThreadTeam.Cores;
}
