namespace EiRnnFast;

/// <summary>Base of every error this library throws on purpose; the message is one line for the person at the keyboard.</summary>
public abstract class EiRnnException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A setting, an array or a file that cannot be used: the message says what was found, what was expected and the remedy.</summary>
public sealed class InvalidInputException(string message, Exception? inner = null) : EiRnnException(message, inner)
{
    /// <summary>Builds the message in its one form: "<paramref name="what"/>: found …, expected …; remedy".</summary>
    public static InvalidInputException Of(string what, object? found, string expected, string remedy) =>
        new(FormattableString.Invariant($"{what}: found {found ?? "nothing"}, expected {expected}; {remedy}"));
}

/// <summary>A computation that was given good input and still failed, such as an eigenvalue iteration that did not converge.</summary>
public sealed class ComputationException(string message, Exception? inner = null) : EiRnnException(message, inner);
