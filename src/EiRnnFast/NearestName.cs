namespace EiRnnFast;

/// <summary>What somebody may have meant who wrote a name that is not known.</summary>
public static class NearestName
{
    /// <summary>The known name that is most like the one found, the first of several; null where none is near.</summary>
    /// <remarks>Near means one slip of the keys in a short name, two from five letters, three from nine. A slip is a letter too many,
    /// too few or another, or two letters that changed places. Case counts for nothing.</remarks>
    public static string? Of(string found, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(known);
        if (found.Length is 0 or > 100) return null;
        var most = found.Length < 5 ? 1 : found.Length < 9 ? 2 : 3;
        return known.Select(name => (Name: name, Slips: Slips(found.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(entry => entry.Slips <= Math.Min(most, entry.Name.Length - 1))
            .OrderBy(entry => entry.Slips).Select(entry => entry.Name).FirstOrDefault();
    }

    /// <summary>A remedy, after the nearest name where there is one.</summary>
    public static string Remedy(string remedy, string found, IEnumerable<string> known) =>
        Of(found, known) is { } name && name != found ? $"did you mean '{name}'? If not, {remedy}" : remedy;

    /// <summary>Edits from one text to another: insertion, deletion, substitution, and transposition of neighbours.</summary>
    private static int Slips(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) table[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var kept = table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(kept, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[from.Length, to.Length];
    }
}
