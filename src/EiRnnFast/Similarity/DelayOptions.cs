namespace EiRnnFast.Similarity;

/// <summary>How linear dynamics are fitted to activity.</summary>
public sealed record DelayOptions
{
    /// <summary>First principal components of the activity that are embedded; no more than there are.</summary>
    public int Components { get; init; } = 10;

    /// <summary>Moments of a row, the present one among them; in short trials fewer, so that half of a trial is left.</summary>
    public int Delays { get; init; } = 10;

    /// <summary>Steps from one of these moments to the one before.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>Directions of the embedding between which the dynamics are fitted; no more than are above rounding.</summary>
    public int Rank { get; init; } = 10;

    /// <summary>Most rows; of more, trials are taken evenly.</summary>
    public int MostRows { get; init; } = 20_000;

    internal void Validate()
    {
        Require("components to embed", Components, 1000);
        Require("delays", Delays, 1000);
        Require("delay interval", Interval, 1_000_000);
        Require("rank of the dynamics", Rank, 100);
        Require("rows of the embedding", MostRows, int.MaxValue);

        static void Require(string what, int value, int most)
        {
            if (value < 1 || value > most) throw InvalidInputException.Of(what, value, $"1 to {most}", "10 is usual");
        }
    }
}
