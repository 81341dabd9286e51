using System.Globalization;

namespace EiRnnFast.Settings;

/// <summary>Values of settings as text that is the same on every machine.</summary>
public static class SettingText
{
    /// <summary>A value as text; empty for none.</summary>
    public static string Of(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IReadOnlyDictionary<string, double> options => string.Join(' ', options.Select(option => $"{option.Key}={Of(option.Value)}")),
        IReadOnlyList<string> texts => string.Join(", ", texts),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Names with numbers, each once, from a text such as a=1 b=2; null for another text.</summary>
    public static IReadOnlyDictionary<string, double>? Pairs(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Dictionary<string, double> pairs = [];
        foreach (var pair in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split('=', 2) is not [{ Length: > 0 } name, var number]
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !pairs.TryAdd(name, value))
                return null;
        return pairs;
    }

    /// <summary>A value as a message shows it: texts in quotes, cut and without control characters; whole doubles with a point.</summary>
    public static string Shown(object? value) => value switch
    {
        string text => $"'{Cut(text)}'",
        double and > -1e15 and < 1e15 and var whole when whole == Math.Floor(whole) => whole.ToString("0.0", CultureInfo.InvariantCulture),
        bool or long or double => Of(value),
        object[] => "a list",
        _ => "something else",
    };

    /// <summary>Foreign text, cut and without control characters: fit for one line of a message.</summary>
    public static string Cut(string text, int most = 60)
    {
        ArgumentNullException.ThrowIfNull(text);
        var head = string.Concat(text.Take(most).Select(character => char.IsControl(character) ? ' ' : character));
        return text.Length > most ? head + "…" : head;
    }
}
