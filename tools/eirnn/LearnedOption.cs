using System.CommandLine;
using EiRnnFast.Dynamics;
using EiRnnFast.Files;
using EiRnnFast.Model;

namespace EiRnnFast.CommandLine;

/// <summary><c>--learned</c> and <c>--initial</c> of <c>eirnn dynamics</c>, and what they print.</summary>
internal static class LearnedOption
{
    private const string Name = "--learned", InitialName = "--initial";

    private static readonly int[] s_shown = [0, 1, 2, 3, 5, 10];

    public static Option<bool> Create() => new(Name)
    {
        Description = "Also run every network with the leading parts of what training has added to W_rec, from none to all.",
    };

    public static Option<string[]> CreateInitial() => new(InitialName)
    {
        Description = $"Initial networks (initial.npz) for {Name}, one a network in their order "
            + "(default: drawn again from the recorded seeds).",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The initial networks, in the order of the networks; null where they are not asked for.</summary>
    public static IReadOnlyList<EiRnn>? Of(bool learned, string[] files, IReadOnlyList<(string File, bool Against, EiRnn Network)> networks)
    {
        if (files.Length == 0 && !learned) return null;
        if (files.Length == 0)
            return [.. networks.Select(one => LearnedTruncations.InitialOf(one.Network, Printable.Of(one.File)))];
        if (files.Length != networks.Count)
            throw InvalidInputException.Of(InitialName, Readable.Count(files.Length, "file"),
                $"{networks.Count}, one a network in their order", "name the initial network of each, or leave them out");
        return [.. files.Select(NetworkFile.Read)];
    }

    public static void Print(LearnedTruncations learned)
    {
        if (learned.Ranks.All(one => one.Norm == 0))
        {
            Console.WriteLine("  learned    nothing: W_rec is that of the initial network");
            return;
        }
        var shown = learned.Ranks.Where(one => s_shown.Contains(one.Rank) || one.Rank == learned.Ranks.Count - 1)
            .Select(one => $"{one.Rank}: {one.Accuracy:P0}");
        Console.WriteLine($"  learned    accuracy with the first components of what training has added: {string.Join(", ", shown)}");
        Console.WriteLine($"             {learned.Keeping} of them keep it, from {learned.Settled} on all do; "
            + $"after the projection of the signs {learned.ProjectedKeeping} and {learned.ProjectedSettled}");
    }
}
