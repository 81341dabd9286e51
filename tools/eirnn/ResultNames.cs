using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>
/// What results of files are called. A network of a run is called after the run's folder, any other file after itself. Where two would
/// be called the same, as many folders of their places are added as tell them apart; the same file given twice gets a number.
/// </summary>
internal static class ResultNames
{
    /// <summary>A name for each matrix, no two alike, also where upper and lower case are the same.</summary>
    /// <param name="matrices">The file of each, and its place in a stack.</param>
    public static string[] Of(IReadOnlyList<(string File, int? Index)> matrices)
    {
        string[] files = [.. matrices.Select(matrix => Path.GetFullPath(matrix.File))];
        var known = files.Distinct(StringComparer.Ordinal).ToDictionary(file => file, file => new Place(file), StringComparer.Ordinal);
        while (known.Values.GroupBy(place => place.Name, StringComparer.OrdinalIgnoreCase).Where(CanBeToldApart)
            .SelectMany(group => group).Where(place => place.HasMore).ToArray() is { Length: > 0 } alike)
            foreach (var place in alike) place.Extend();
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        return [.. matrices.Select((matrix, i) => Free(known[files[i]].Name + (matrix.Index is { } index ? $".{index}" : ""), taken))];
    }

    private static bool CanBeToldApart(IEnumerable<Place> alike) =>
        alike.Select(place => place.All).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1;

    private static string Free(string name, HashSet<string> taken)
    {
        var free = name;
        for (var number = 2; !taken.Add(free); number++) free = $"{name}-{number}";
        return free;
    }

    /// <summary>The end of a path, of which more and more is taken.</summary>
    private sealed class Place
    {
        private readonly string[] _parts;
        private int _taken = 1;

        public Place(string file)
        {
            char[] separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];
            string[] parts = file.Split(separators, StringSplitOptions.RemoveEmptyEntries);
            var end = parts.Length > 1 && parts[^1] == RunFolder.NetworkName ? parts.Length - 1 : parts.Length;
            _parts = [.. parts[..end].Select(part => part.Replace(Path.VolumeSeparatorChar.ToString(), "", StringComparison.Ordinal))];
        }

        public string All => string.Join('/', _parts);

        public string Name => string.Join('-', _parts[^_taken..]);

        public bool HasMore => _taken < _parts.Length;

        public void Extend() => _taken++;
    }
}
