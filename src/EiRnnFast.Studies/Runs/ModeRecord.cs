using System.Globalization;
using System.Numerics;
using System.Text;
using EiRnnFast.Model;
using EiRnnFast.Spectra;

namespace EiRnnFast.Studies.Runs;

/// <summary>One eigenvalue of a recurrent matrix with its eigenvectors, as <c>eirnn spectrum --eigenvectors</c> lists it.</summary>
public sealed record ModeRecord
{
    /// <summary>[re, im].</summary>
    public required IReadOnlyList<double> Eigenvalue { get; init; }

    /// <summary>Whether it lies beyond the bulk.</summary>
    public required bool Outlier { get; init; }

    /// <summary>Overlap O of the two eigenvectors, 1 or more; null where it is infinite.</summary>
    public required double? Overlap { get; init; }

    /// <summary>√O, the condition number of the eigenvalue.</summary>
    public required double? Condition { get; init; }

    /// <summary>Units over which the pattern spreads, 1 to N.</summary>
    public required double PatternParticipation { get; init; }

    /// <summary>Units over which the sensitivity spreads.</summary>
    public required double SensitivityParticipation { get; init; }

    /// <summary>Share of the pattern on excitatory units; null without a constraint.</summary>
    public required double? PatternExcitatory { get; init; }

    /// <summary>Share of the sensitivity on excitatory units.</summary>
    public required double? SensitivityExcitatory { get; init; }

    /// <summary>|cos| between the weights of each input and the sensitivity, [I]: how much the input excites the mode; null for a matrix
    /// alone.</summary>
    public required IReadOnlyList<double>? Inputs { get; init; }

    /// <summary>|cos| between the pattern and the weights of each output, [O]: how much the readout sees of the mode.</summary>
    public required IReadOnlyList<double>? Readouts { get; init; }

    /// <summary>All modes of a matrix.</summary>
    /// <param name="spectrum">Its spectrum.</param>
    /// <param name="vectors">Its eigenvectors, in the order of the spectrum.</param>
    /// <param name="network">The network that it is of, if it is known.</param>
    public static IReadOnlyList<ModeRecord> Of(Spectrum spectrum, Eigenvectors vectors, EiRnn? network)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        ArgumentNullException.ThrowIfNull(vectors);
        var signs = network is { Spec.Signs.Axis: not SignAxis.None } ? network.Spec.Signs.SignsOf(network.Units) : null;
        return [.. Enumerable.Range(0, vectors.Values.Count).Select(k =>
        {
            var (z, pattern, sensitivity) = (vectors.Values[k], vectors.Pattern(k), vectors.Sensitivity(k));
            var overlap = vectors.Overlaps[k];
            return new ModeRecord
            {
                Eigenvalue = [z.Real, z.Imaginary], Outlier = k < spectrum.Outliers.Count,
                Overlap = double.IsFinite(overlap) ? overlap : null, Condition = double.IsFinite(overlap) ? Math.Sqrt(overlap) : null,
                PatternParticipation = Eigenvectors.Participation(pattern),
                SensitivityParticipation = Eigenvectors.Participation(sensitivity),
                PatternExcitatory = signs is null ? null : Eigenvectors.Share(pattern, i => signs[i] > 0),
                SensitivityExcitatory = signs is null ? null : Eigenvectors.Share(sensitivity, i => signs[i] > 0),
                Inputs = network is null ? null : Cosines(network.InputWeights, network.Inputs, network.Units, byRow: true, sensitivity),
                Readouts = network is null ? null : Cosines(network.OutputWeights, network.Outputs, network.Units, byRow: false, pattern),
            };
        })];
    }

    private static double[] Cosines(ReadOnlySpan<float> weights, int count, int units, bool byRow, IReadOnlyList<Complex> vector)
    {
        var cosines = new double[count];
        for (var c = 0; c < count; c++)
        {
            var (sum, square) = (Complex.Zero, 0.0);
            for (var i = 0; i < units; i++)
            {
                double weight = byRow ? weights[c * units + i] : weights[i * count + c];
                sum += weight * vector[i];
                square += weight * weight;
            }
            cosines[c] = square == 0 ? 0 : sum.Magnitude / Math.Sqrt(square);
        }
        return cosines;
    }

    /// <summary>A line a mode; a value that does not exist is empty.</summary>
    public static string Csv(IReadOnlyList<ModeRecord> modes)
    {
        ArgumentNullException.ThrowIfNull(modes);
        var (inputs, readouts) = (modes[0].Inputs?.Count ?? 0, modes[0].Readouts?.Count ?? 0);
        var text = new StringBuilder("re,im,outlier,overlap,condition,pattern_participation,sensitivity_participation,"
            + "pattern_excitatory,sensitivity_excitatory");
        for (var i = 1; i <= inputs; i++) text.Append(CultureInfo.InvariantCulture, $",input_{i}");
        for (var o = 1; o <= readouts; o++) text.Append(CultureInfo.InvariantCulture, $",readout_{o}");
        text.Append('\n');
        foreach (var mode in modes)
        {
            double?[] values =
            [
                mode.Overlap, mode.Condition, mode.PatternParticipation, mode.SensitivityParticipation, mode.PatternExcitatory,
                mode.SensitivityExcitatory, .. (mode.Inputs ?? []).Select(value => (double?)value),
                .. (mode.Readouts ?? []).Select(value => (double?)value),
            ];
            text.Append(CultureInfo.InvariantCulture, $"{mode.Eigenvalue[0]:R},{mode.Eigenvalue[1]:R},{(mode.Outlier ? "true" : "false")}");
            foreach (var value in values) text.Append(',').Append(value?.ToString("R", CultureInfo.InvariantCulture));
            text.Append('\n');
        }
        return text.ToString();
    }
}

/// <summary>What training has added to a matrix, as <c>eirnn spectrum --initial</c> lists it.</summary>
public sealed record LearnedPartRecord
{
    /// <summary>Copies one.</summary>
    /// <param name="initial">The file of the initial network, as given.</param>
    /// <param name="part">What training has added.</param>
    public LearnedPartRecord(string initial, LearnedPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        Initial = initial;
        RelativeNorm = double.IsFinite(part.RelativeNorm) ? part.RelativeNorm : null;
        (EffectiveRank, NinetyPercentRank, SingularValues) = (part.EffectiveRank, part.NinetyPercentRank, part.SingularValues);
        Truncations = [.. part.Truncations.Select(one => new TruncatedPartRecord(one.Rank, one.Norm, one.OuterRadius, one.SpectralRadius,
            Pairs(one.Outliers), Pairs(one.Alone)))];
    }

    /// <summary>The file of the initial network.</summary>
    public string Initial { get; }

    /// <summary>‖W − P(W₀)‖_F/‖P(W₀)‖_F; null where the initial matrix is 0.</summary>
    public double? RelativeNorm { get; }

    /// <summary>(Σσ²)²/Σσ⁴.</summary>
    public double EffectiveRank { get; }

    /// <summary>Components that hold 90 % of Σσ².</summary>
    public int NinetyPercentRank { get; }

    /// <summary>Descending.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>Of some ranks, 0 and N among them.</summary>
    public IReadOnlyList<TruncatedPartRecord> Truncations { get; }

    private static double[][] Pairs(IEnumerable<Complex> values) => [.. values.Select(z => new[] { z.Real, z.Imaginary })];
}

/// <summary>The initial matrix with the leading singular components of what training has added.</summary>
/// <param name="Rank">Components.</param>
/// <param name="Norm">Their share of the norm.</param>
/// <param name="OuterRadius">Edge of the bulk.</param>
/// <param name="SpectralRadius">Largest |λ|.</param>
/// <param name="Outliers">[re, im] each.</param>
/// <param name="Alone">Eigenvalues of these components by themselves, [re, im] each.</param>
public sealed record TruncatedPartRecord(int Rank, double Norm, double OuterRadius, double SpectralRadius,
    IReadOnlyList<double[]> Outliers, IReadOnlyList<double[]> Alone);
