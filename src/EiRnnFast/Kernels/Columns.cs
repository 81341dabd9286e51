namespace EiRnnFast.Kernels;

/// <summary>
/// A share of a network's columns, counted in floats of a row: whole lanes. The share that ends where rows end has the fringe and the
/// padding. The default is all columns.
/// </summary>
internal readonly record struct Columns
{
    /// <summary>What a panel of three, two or one lanes costs, and the fringe, in tenths of a lane of a panel of three.</summary>
    private const int Three = 30, Two = 21, One = 16, FringeCost = 10;

    private readonly bool _isPart;
    private readonly int _end;

    private Columns(int first, int end) => (First, _end, _isPart) = (first, end, true);

    /// <summary>The first column.</summary>
    public int First { get; }

    /// <summary>Whether every column is in.</summary>
    public bool IsAll => !_isPart;

    /// <summary>The column after the last.</summary>
    /// <param name="width">W.</param>
    public int End(int width) => _isPart ? _end : width;

    /// <summary>Floats of a row.</summary>
    /// <param name="width">W.</param>
    public int Count(int width) => End(width) - First;

    /// <summary>The share's part of a row.</summary>
    /// <param name="row">W floats.</param>
    public Span<float> Of(Span<float> row) => row[First..End(row.Length)];

    /// <summary>The share's part of a row.</summary>
    /// <param name="row">W floats.</param>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> row) => row[First..End(row.Length)];

    /// <summary>
    /// Shares of the same cost, as near as lanes allow: the largest costs as little as it can. Where there are more members than lanes, the
    /// last ones have nothing.
    /// </summary>
    /// <param name="lanes">Lanes before the fringe.</param>
    /// <param name="laneWidth">Floats of a lane.</param>
    /// <param name="hasFringe">Whether columns follow that are no lane of their own.</param>
    /// <param name="width">W.</param>
    /// <param name="members">How many shares.</param>
    public static Columns[] Divide(int lanes, int laneWidth, bool hasFringe, int width, int members)
    {
        if (members == 1) return [default];
        var fringe = hasFringe ? FringeCost : 0;
        var counts = new int[members];
        int last, limit = (Cost(lanes) + fringe) / members;
        while ((last = Fill(counts, lanes, fringe, limit)) < 0) limit++;
        var shares = new Columns[members];
        for (int i = 0, first = 0; i < members; i++)
        {
            var end = i < last ? first + counts[i] * laneWidth : width;
            shares[i] = new Columns(first, end);
            first = end;
        }
        return shares;
    }

    /// <summary>Gives every member as many lanes as a limit of cost allows. Returns who has the end; −1 where some are left.</summary>
    private static int Fill(int[] counts, int lanes, int fringe, int limit)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Math.Min(lanes, limit / (Three / 3));
            while (Cost(counts[i]) > limit) counts[i]--;
            lanes -= counts[i];
            if (lanes == 0 && Cost(counts[i]) + fringe <= limit) return i;
        }
        return -1;
    }

    /// <summary>What so many lanes cost as <see cref="GemmTile{TLane}.PanelLanes"/> divides them.</summary>
    private static int Cost(int lanes) => lanes switch
    {
        0 => 0,
        1 => One,
        _ => (lanes % 3) switch
        {
            0 => lanes / 3 * Three,
            1 => (lanes - 4) / 3 * Three + 2 * Two,
            _ => lanes / 3 * Three + Two,
        },
    };
}
