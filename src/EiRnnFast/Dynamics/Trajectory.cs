namespace EiRnnFast.Dynamics;

/// <summary>One trial in double precision.</summary>
/// <param name="States">h_0 … h_{T−1}, [T][N].</param>
/// <param name="Slopes">f′ of the step that led to each, [T][N].</param>
internal sealed record Trajectory(double[][] States, double[][] Slopes)
{
    /// <summary>Under inputs [T×I], from the map's initial state or a given one.</summary>
    public static Trajectory Of(RecurrentMap map, ReadOnlySpan<float> x, ReadOnlySpan<double> from = default)
    {
        if (x.IsEmpty || x.Length % map.Inputs != 0)
            throw InvalidInputException.Of("inputs of a trial", $"{x.Length} values", $"steps×{map.Inputs}, at least one step",
                "give the network's own number of input channels");
        var steps = x.Length / map.Inputs;
        var (states, slopes) = (new double[steps][], new double[steps][]);
        var h = from.IsEmpty ? map.Initial : from;
        var input = new double[map.Inputs];
        for (var t = 0; t < steps; t++)
        {
            for (var c = 0; c < input.Length; c++) input[c] = x[t * map.Inputs + c];
            (states[t], slopes[t]) = (new double[map.Units], new double[map.Units]);
            map.StepAndSlopes(h, input, states[t], slopes[t]);
            h = states[t];
        }
        return new Trajectory(states, slopes);
    }
}
