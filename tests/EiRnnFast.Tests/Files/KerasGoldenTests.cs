using System.Globalization;
using System.Text.Json;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.Files;

/// <summary>
/// Networks trained in Keras, against the facts and forward runs that NumPy computed in double precision (JSON beside each).
/// </summary>
public sealed class KerasGoldenTests
{
    private const double Tolerance = 5e-6;

    public static TheoryData<string> Files => new(KerasFolder.Names);

    public static TheoryData<string> FilesWithWeights => new(KerasFolder.NamesWithWeights);

    [Fact]
    public void The_folder_holds_files_if_it_is_demanded() =>
        Assert.True(!KerasFolder.IsDemanded || KerasFolder.Names.Length > 0, $"{KerasFolder.Variable} names no folder with .hdf5 files");

    [KerasTheory]
    [MemberData(nameof(Files))]
    public void Weights_are_those_of_NumPy(string name)
    {
        using var facts = Facts(name);
        var path = KerasFolder.PathOf(name);
        if (!facts.RootElement.GetProperty("has_weights").GetBoolean())
        {
            Assert.Contains("holds no weights", Rejection.Of(path, () => NetworkFile.Read(path)), StringComparison.Ordinal);
            Rejection.Of(path, () => NetworkFile.ReadRecurrent(path));
            Rejection.Of(path, () => KerasNetworkFile.Read(path));
            return;
        }
        var network = NetworkFile.Read(path);
        foreach (var shape in facts.RootElement.GetProperty("shapes").EnumerateObject())
        {
            int[] expected = [.. shape.Value.EnumerateArray().Select(length => length.GetInt32())];
            var isDense = shape.Name.StartsWith("dense", StringComparison.Ordinal);
            int[] actual = shape.Name.Split('/')[^1].Split(':')[0] switch
            {
                "recurrent_kernel" => [network.Units, network.Units],
                "kernel" => isDense ? [network.Units, network.Outputs] : [network.Inputs, network.Units],
                _ => isDense ? [network.Outputs] : [network.Units],
            };
            Assert.Equal(expected, actual);
        }
        Assert.Equal(facts.RootElement.GetProperty("use_bias").GetBoolean() && !name.Contains("initial", StringComparison.Ordinal),
            network.Bias.ContainsAnyExcept(0f));
        var matrix = NetworkFile.ReadRecurrent(path);
        Assert.Equal(facts.RootElement.GetProperty("w_rec_first5").EnumerateArray().Select(value => value.GetDouble()), matrix.Values[..5]);
        Assert.Equal(facts.RootElement.GetProperty("sum_abs_w_rec").GetDouble(), matrix.Values.Sum(Math.Abs), 1e-9 * matrix.Values.Length);
        Assert.Equal(matrix.Values.Select(value => (float)value), network.RecurrentWeights.ToArray());
        Assert.Null(matrix.Spec);
    }

    [KerasTheory]
    [MemberData(nameof(FilesWithWeights))]
    public void Forward_runs_are_those_of_NumPy(string name)
    {
        using var facts = Facts(name);
        var network = KerasNetworkFile.Read(KerasFolder.PathOf(name));
        foreach (var (set, run) in KernelSet.Available.SelectMany(_ => facts.RootElement.GetProperty("golden_forward").GetProperty("cases")
            .EnumerateObject(), (set, run) => (set, run)))
        {
            var (outputs, states) = network.Run(Input(run.Name, run.Value, network), 1, set);
            foreach (var y in run.Value.GetProperty("y_at").EnumerateObject())
                Assert.Equal(y.Value.GetDouble(), outputs[int.Parse(y.Name, CultureInfo.InvariantCulture) * network.Outputs], Tolerance);
            var last = states.AsSpan(^network.Units..).ToArray();
            var first = run.Value.GetProperty("h_last_first4").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            for (var i = 0; i < first.Length; i++) Assert.Equal(first[i], last[i], Tolerance);
            Assert.Equal(run.Value.GetProperty("h_last_norm").GetDouble(), Math.Sqrt(last.Sum(h => (double)h * h)), Tolerance);
        }
    }

    [KerasTheory]
    [MemberData(nameof(Files))]
    public void Truncated_files_are_refused_or_whole(string name)
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(KerasFolder.PathOf(name));
        for (var part = 0; part < 60; part++)
        {
            var path = folder.WriteBytes("truncated.hdf5", whole[..(int)((long)whole.Length * part / 60)]);
            try
            {
                // Weights that lie before the cut may still be read, but then they must be the right ones.
                Assert.Equal(NetworkFile.ReadRecurrent(KerasFolder.PathOf(name)).Values, NetworkFile.ReadRecurrent(path).Values);
            }
            catch (InvalidInputException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    /// <summary>Square pulses of height 1: a digit per channel, "pulse±1" on the only one, or the flip-flop's set, reset, set.</summary>
    private static float[] Input(string run, JsonElement facts, EiRnn network)
    {
        var x = new float[facts.GetProperty("T").GetInt32() * network.Inputs];
        var pulses = facts.GetProperty("nonzero_input");
        if (pulses.ValueKind == JsonValueKind.String)
        {
            Assert.Equal("FF: ch1 50-70, ch0 170-190, ch1 290-310", pulses.GetString());
            Pulse(50, 70, 1, 1);
            Pulse(170, 190, 0, 1);
            Pulse(290, 310, 1, 1);
            return x;
        }
        foreach (var pulse in pulses.EnumerateArray())
            for (var channel = 0; channel < network.Inputs; channel++)
                Pulse(pulse[0].GetInt32(), pulse[1].GetInt32(), channel,
                    run.StartsWith("pulse", StringComparison.Ordinal)
                        ? float.Parse(run.AsSpan(5), CultureInfo.InvariantCulture)
                        : run[channel] - '0');
        return x;

        void Pulse(int start, int end, int channel, float height)
        {
            for (var t = start; t < end; t++) x[t * network.Inputs + channel] = height;
        }
    }

    private static JsonDocument Facts(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(KerasFolder.PathOf(name), ".json")));
}
