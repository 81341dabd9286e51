using System.Text.Json;
using EiRnnFast.Spectra;
using EiRnnFast.Files;
using EiRnnFast.Tests.Files;

namespace EiRnnFast.Tests.Spectra;

/// <summary>Spectra of networks trained in Keras, against NumPy's in double precision (JSON beside each file).</summary>
public sealed class KerasSpectrumTests
{
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Files => new(KerasFolder.Names);

    [KerasTheory]
    [MemberData(nameof(Files))]
    public void Spectra_are_those_of_NumPy(string name)
    {
        var path = KerasFolder.PathOf(name);
        using var facts = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".json")));
        if (!facts.RootElement.GetProperty("has_weights").GetBoolean())
        {
            Assert.Throws<InvalidInputException>(() => NetworkFile.ReadRecurrent(path));
            return;
        }
        var matrix = NetworkFile.ReadRecurrent(path);
        foreach (var solver in (EigenSolver[])[EigenSolver.Current, EigenSolver.Own])
        {
            var spectrum = Spectrum.Of(matrix.Values, matrix.Units, solver: solver);
            AssertEqual(facts.RootElement.GetProperty("eig"), spectrum, solver);
            AssertEqual(facts.RootElement.GetProperty("eig_thresholded_1e-4"), spectrum.Published!, solver);
            Assert.Equal(spectrum.Published!.Eigenvalues[6].Magnitude, spectrum.OuterRadiusPublished);
        }
    }

    private static void AssertEqual(JsonElement expected, Spectrum actual, EigenSolver solver)
    {
        Check("abs_min", actual.Eigenvalues[^1].Magnitude);
        Check("abs_7th_largest", actual.Eigenvalues[6].Magnitude);
        Check("abs_max", actual.SpectralRadius);
        Check("henrici", actual.Henrici);

        void Check(string name, double value)
        {
            // NumPy's figure is not a number where rounding makes the residual negative; ours is then 0.
            var fact = expected.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;
            Assert.True(Math.Abs(fact - value) <= Tolerance,
                $"{name} with {solver.Name}: {value}, NumPy {fact}, difference {Math.Abs(fact - value):e1}");
        }
    }
}
