using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.Studies.Runs;

/// <summary>A cell as it stands in JSON, by the names of its settings.</summary>
public sealed record CellRecord
{
    /// <summary>Records a cell.</summary>
    public CellRecord(CellSpec cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Activation = SettingNames.Of(SettingNames.Activations, cell.Activation);
        CellForm = SettingNames.Of(SettingNames.Forms, cell.Form);
        Alpha = cell.AlphaPerUnit is null ? cell.Alpha : null;
        AlphaPerUnit = cell.AlphaPerUnit;
        NoiseRec = cell.Noise;
    }

    /// <summary>f.</summary>
    public string Activation { get; }

    /// <summary>Where the leak is.</summary>
    public string CellForm { get; }

    /// <summary>α; null where every unit has its own.</summary>
    public double? Alpha { get; }

    /// <summary>α of each unit; null where all have the same.</summary>
    public IReadOnlyList<double>? AlphaPerUnit { get; }

    /// <summary>σ of the noise in training.</summary>
    public double NoiseRec { get; }

    /// <summary>For a person: <c>relu</c> without a leak, <c>relu, rate, alpha 0.2</c> with one.</summary>
    public string ToText() => Alpha == 1 ? Activation
        : Alpha is { } alpha ? FormattableString.Invariant($"{Activation}, {CellForm}, alpha {alpha}")
        : $"{Activation}, {CellForm}, alpha per unit";
}
