using System.Text.Json;

namespace EiRnnFast.Tests.Reports;

/// <summary>Numbers of other programs: JSON files beside the scripts that made them.</summary>
internal static class Reference
{
    private const double Tolerance = 1e-8;

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Reports", file);

    public static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(PathOf(file))).RootElement;

    public static TheoryData<string> Cases(string file) => [.. Read(file).EnumerateObject().Select(one => one.Name)];

    /// <summary>Numbers of a list; NaN for null.</summary>
    public static double[] Numbers(JsonElement of, string name) =>
        [.. of.GetProperty(name).EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble())];

    /// <summary>Within 1e-8 of each, and within 1e-12 of what is next to nothing.</summary>
    public static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair =>
        {
            if (double.IsNaN(pair.First)) Assert.Equal(double.NaN, pair.Second);
            else Assert.Equal(pair.First, pair.Second, Tolerance * Math.Max(Math.Abs(pair.First), 1e-4));
        });
    }
}
