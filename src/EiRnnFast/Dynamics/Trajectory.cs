namespace EiRnnFast.Dynamics;

/// <summary>Hidden states of one trial in double precision.</summary>
internal static class Trajectory
{
    /// <summary>h_0 … h_{T−1} under inputs [T×I], from h = 0 or a given state.</summary>
    public static double[][] Of(RecurrentMap map, ReadOnlySpan<float> x, ReadOnlySpan<double> from = default)
    {
        if (x.IsEmpty || x.Length % map.Inputs != 0)
            throw InvalidInputException.Of("inputs of a trial", $"{x.Length} values", $"steps×{map.Inputs}, at least one step",
                "give the network's own number of input channels");
        var steps = x.Length / map.Inputs;
        var states = new double[steps][];
        var (h, input) = (from.IsEmpty ? new double[map.Units] : from.ToArray(), new double[map.Inputs]);
        for (var t = 0; t < steps; t++)
        {
            for (var c = 0; c < input.Length; c++) input[c] = x[t * map.Inputs + c];
            states[t] = new double[map.Units];
            map.Step(h, input, states[t]);
            h = states[t];
        }
        return states;
    }
}
