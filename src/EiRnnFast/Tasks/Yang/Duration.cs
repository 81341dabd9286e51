using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks.Yang;

/// <summary>A time that the study draws in milliseconds and cuts to whole steps: one of a list, or uniform in a range.</summary>
internal sealed class Duration
{
    private readonly int[] _choices;
    private readonly int _from, _to;

    private Duration(int[] choices, int from, int to) => (_choices, _from, _to) = (choices, from, to);

    /// <summary>Milliseconds per step.</summary>
    public const int StepMs = 20;

    /// <summary>How long a response lasts, unless a rule says otherwise.</summary>
    public static Duration Response { get; } = OneOf(500);

    /// <summary>One of these, drawn by <c>randint</c>; a single one draws nothing.</summary>
    public static Duration OneOf(params int[] milliseconds) => new(milliseconds, milliseconds.Min(), milliseconds.Max());

    /// <summary>Uniform in [from, to), drawn by <c>random_sample</c>.</summary>
    public static Duration Between(int from, int to) => new([], from, to);

    /// <summary>Fewest steps.</summary>
    public int Shortest => _from / StepMs;

    /// <summary>Most steps; the end of a range itself is never drawn.</summary>
    public int Longest => (_choices.Length > 0 ? _to : _to - 1) / StepMs;

    /// <summary>Draws a number of steps.</summary>
    public int Draw(NumPyRandom random) =>
        _choices.Length > 0 ? _choices[random.RandInt(_choices.Length)] / StepMs
        : (int)((_from + (_to - _from) * random.RandomSample()) / StepMs);

    /// <summary>In words, with the unit.</summary>
    public override string ToString() => _choices.Length switch
    {
        0 => $"{_from} … {_to} ms",
        1 => $"{_from} ms",
        _ => $"{string.Join(", ", _choices[..^1])} or {_choices[^1]} ms",
    };
}
