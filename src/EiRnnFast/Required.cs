using System.Diagnostics.CodeAnalysis;

namespace EiRnnFast;

/// <summary>What a caller must give, whatever the compiler has let pass.</summary>
internal static class Required
{
    /// <summary>A value that is there.</summary>
    /// <exception cref="InvalidInputException">It is null.</exception>
    public static void Value([NotNull] object? value, string name, string expected)
    {
        if (value is null) throw InvalidInputException.Of(name, null, expected, "leave it as it is, or give one");
    }

    /// <summary>A value of an enumeration that has a name.</summary>
    /// <exception cref="InvalidInputException">It has none.</exception>
    public static void Known<T>(T value, string name) where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw InvalidInputException.Of(name, value, $"one of {string.Join(", ", Enum.GetNames<T>())}", "give one of these");
    }
}
