namespace EiRnnFast.Model;

/// <summary>Whose sign each weight of W_rec has: THE place where the axis of the constraint is read.</summary>
internal sealed class WeightSigns
{
    private readonly int[] _signs;
    private readonly bool _bySource;

    private WeightSigns(NetworkSpec spec) =>
        (_signs, _bySource) = (spec.Signs.SignsOf(spec.Units), spec.Signs.Axis != SignAxis.Postsynaptic);

    public static WeightSigns Of(NetworkSpec spec) => new(spec);

    /// <summary>+1 or −1 for the weight from unit i to unit j; 0 without a constraint.</summary>
    public int Of(int i, int j) => _signs[_bySource ? i : j];

    /// <summary>−1, 0 or +1 for each row and each column of W_rec, of which one kind is all 0.</summary>
    public (int[] Rows, int[] Columns) Split()
    {
        var none = new int[_signs.Length];
        return _bySource ? (_signs, none) : (none, _signs);
    }
}
