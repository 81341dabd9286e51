using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Tests.Files;

/// <summary>Masks in files, and networks with wiring in files.</summary>
public sealed class MaskFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static float[] Mask(int rows, int columns) => [.. Enumerable.Range(0, rows * columns).Select(k => k % 3 == 0 ? 0f : 1)];

    private static RunSettings Run(string file, int units = 6) => RunSettings.From(SettingFiles.Resolve(
        new Dictionary<string, object> { ["units"] = (long)units, ["mask_file"] = file, ["autapses"] = false }), 1);

    [Fact]
    public void One_matrix_and_an_archive_are_read_whatever_their_numbers_are()
    {
        NpyArray.Of(Mask(6, 6), 6, 6).Write(_folder["one.npy"]);
        NpzFile.Write(_folder["all.npz"], new Dictionary<string, NpyArray>
        {
            ["recurrent_kernel_mask"] = NpyArray.Of(Mask(6, 6).Select(value => (int)value).ToArray(), 6, 6),
            ["kernel_mask"] = NpyArray.Of(Mask(2, 6).Select(value => (double)value).ToArray(), 2, 6),
            ["dense_kernel_mask"] = NpyArray.Of(Mask(6, 1), 6, 1),
        });
        foreach (var (file, isAll) in new[] { ("one.npy", false), ("all.npz", true) })
        {
            var run = Run(_folder[file]);
            var network = EiRnn.Create(run.ToSpec(), 1);
            for (var k = 0; k < 36; k++) Assert.Equal(k % 3 != 0 && k / 6 != k % 6, network.RecurrentWeights[k] != 0);
            for (var k = 0; k < 12; k++) Assert.Equal(!isAll || k % 3 != 0, network.InputWeights[k] != 0);
            for (var k = 0; k < 6; k++) Assert.Equal(!isAll || k % 3 != 0, network.OutputWeights[k] != 0);
            Assert.Contains(run.Describe(), pair => pair.Key == "mask_sha256" && pair.Value.Length == 64);
            Assert.DoesNotContain(run.Describe(), pair => pair.Value.Contains(file, StringComparison.Ordinal));
            NetworkFile.Write(_folder["net.npz"], network);
            var read = NetworkFile.Read(_folder["net.npz"]);
            Assert.Equal(run.Wiring.Given!.Sha256, read.Spec.Wiring.Given!.Sha256);
            NetworkFile.Write(_folder["again.npz"], read);
            Assert.Equal(File.ReadAllBytes(_folder["net.npz"]), File.ReadAllBytes(_folder["again.npz"]));
        }
    }

    [Fact]
    public void Other_files_are_refused_by_name()
    {
        NpyArray.Of([0f, 1, 2, 1], 2, 2).Write(_folder["two.npy"]);
        NpyArray.Of(Mask(2, 3), 2, 3).Write(_folder["flat.npy"]);
        NpyArray.Of("text").Write(_folder["text.npy"]);
        NpzFile.Write(_folder["none.npz"], new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of(Mask(2, 2), 2, 2) });
        File.WriteAllText(_folder["mask.csv"], "0,1\n1,0\n");
        foreach (var name in new[] { "two.npy", "flat.npy", "text.npy", "none.npz", "mask.csv", "nowhere.npy" })
            Rejection.Of(_folder[name], () => MaskFile.Read(_folder[name]));
        NpyArray.Of(Mask(5, 5), 5, 5).Write(_folder["five.npy"]);
        NpzFile.Write(_folder["turned.npz"], new Dictionary<string, NpyArray> { ["kernel_mask"] = NpyArray.Of(Mask(6, 2), 6, 2) });
        foreach (var (file, expected) in new[] { ("five.npy", "5×5, expected 6×6"), ("turned.npz", "6×2, expected 2×6") })
        {
            var message = Assert.Throws<InvalidInputException>(() => Run(_folder[file])).Message;
            Assert.Contains(expected, message, StringComparison.Ordinal);
            Assert.Contains(file, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_plan_names_masks_by_their_content_and_crosses_lists_of_lists()
    {
        Directory.CreateDirectory(_folder["sub"]);
        NpyArray.Of(Mask(6, 6), 6, 6).Write(_folder["mask.npy"]);
        File.Copy(_folder["mask.npy"], _folder["sub/copy.npy"]);
        File.WriteAllText(_folder["a.toml"], "units = 6\nmask_file = \"mask.npy\"\n");
        File.WriteAllText(_folder["b.toml"], "units = 6\nmask_file = \"sub/copy.npy\"\n");
        var run = Assert.Single(SweepPlan.Read(_folder["a.toml"]).Runs);
        Assert.Equal(run.Id, Assert.Single(SweepPlan.Read(_folder["b.toml"]).Runs).Id);
        Assert.Contains(_folder["mask.npy"], SweepPlan.Read(_folder["a.toml"]).Text, StringComparison.Ordinal);

        const string areas = "units = 20\nareas = { a = 0.5, b = 0.5 }\n";
        var one = SweepPlan.Parse(areas + "projections = [\"a -> b 0.5\", \"b -> a\"]\nfrozen = [\"bias\", \"kernel\"]\n", "plan").Runs;
        Assert.Equal("a -> b 0.5, b -> a", SettingTable.Get("projections").Of(Assert.Single(one).Settings));
        Assert.Equal("kernel, bias", SettingTable.Get("frozen").Of(one[0].Settings));
        var two = SweepPlan.Parse(areas + "projections = [[\"a -> b 0.5\", \"b -> a\"], [\"a -> b\"]]\nfrozen = [\"kernel\", \"bias\"]\n",
            "plan").Runs;
        Assert.Equal([one[0].Id], two.Select(entry => entry.Id).Where(id => id == one[0].Id));
        Assert.Equal(2, two.Count);
        var tabled = SweepPlan.Parse("units = 20\nprojections = [\"a -> b\"]\nfrozen = [\"bias\", \"kernel\"]\n[areas]\na = 0.5\nb = 0.5\n",
            "plan");
        Assert.Equal(two[1].Id, Assert.Single(tabled.Runs).Id);
        Assert.Single(SweepPlan.Parse(areas + "density = [0.5, 1]\n[[exclude]]\nareas.a = 0.5\ndensity = 1\n", "plan").Runs);
    }

    [Fact]
    public void A_network_with_wiring_and_a_cell_comes_back_bit_for_bit()
    {
        var spec = new NetworkSpec
        {
            Units = 20, Inputs = 2, Outputs = 1,
            Signs = SignConstraint.Presynaptic(0.8) with { Mode = SignMode.Magnitude, NonNegativeOutput = true },
            Init = RecurrentInit.Of(RecurrentInitKind.Gamma) with { MagnitudeVariation = 0.5, SpectralRadius = 1.2 },
            Cell = new CellSpec { Tau = 4, TauMost = 9, Dt = 2, Form = CellForm.Voltage, InitialState = 0.5, Noise = 0.1 },
            Wiring = new Wiring
            {
                Density = 0.7, Autapses = false, ReadoutFromExcitatory = true,
                Areas = new Dictionary<string, double> { ["b"] = 0.25, ["a"] = 0.75 }, Projections = ["a -> b 0.5", "input -> a"],
            },
        };
        var network = EiRnn.Create(spec, 3);
        NetworkFile.Write(_folder["a.npz"], network);
        var read = NetworkFile.Read(_folder["a.npz"]);
        Assert.Equal(network.TrainedRecurrentWeights.ToArray(), read.TrainedRecurrentWeights.ToArray());
        Assert.Equal(network.InitialState.ToArray(), read.InitialState.ToArray());
        Assert.Equal(network.Masks!.Recurrent, read.Masks!.Recurrent);
        Assert.Equal(network.Spec.Cell.AlphaPerUnit, read.Spec.Cell.AlphaPerUnit);
        Assert.Equal(["b", "a"], read.Spec.Wiring.Areas!.Keys);
        Assert.Equal(spec.Wiring.Projections, read.Spec.Wiring.Projections);
        Assert.Equal(spec.Init!.MagnitudeVariation, read.Spec.Init!.MagnitudeVariation);
        Assert.Equal(spec.Init.SpectralRadius, read.Spec.Init.SpectralRadius);
        Assert.Equal(network.Spec.Init!.RadiusScale, read.Spec.Init.RadiusScale);
        NetworkFile.Write(_folder["b.npz"], read);
        Assert.Equal(File.ReadAllBytes(_folder["a.npz"]), File.ReadAllBytes(_folder["b.npz"]));
        foreach (var lost in new[] { "alpha", "initial_state", "trained_recurrent_kernel" })
        {
            var arrays = NpzFile.Read(_folder["a.npz"]).Where(entry => entry.Key != lost).ToDictionary();
            NpzFile.Write(_folder["lost.npz"], arrays);
            Assert.Contains(lost, Rejection.Of(_folder["lost.npz"], () => NetworkFile.Read(_folder["lost.npz"])), StringComparison.Ordinal);
        }
    }
}
