using System.Text;
using EiRnnFast.Model;
using EiRnnFast.Files;
using EiRnnFast.Studies.Sweeps;
using EiRnnFast.Tests.Files;
using EiRnnFast.Tests.House;
using EiRnnFast.Tests.Sweeps;

namespace EiRnnFast.Tests.Fuzz;

/// <summary>A reader of files, and sound files to damage.</summary>
internal sealed record FuzzReader(string Name, string FileName, int Share, IReadOnlyList<byte[]> Seeds, Action<string> Read)
{
    /// <summary>All readers; of every hundred files each gets its share. Making a store takes a moment.</summary>
    public static IReadOnlyList<FuzzReader> All(bool withStore)
    {
        var spec = new NetworkSpec { Units = 4, Inputs = 2, Outputs = 1 };
        byte[][] networks = [NetworkFile.ToBytes(EiRnn.Create(spec, 1), null), NetworkFile.ToBytes(EiRnn.Create(spec with { Units = 9,
            Outputs = 3 }, 2), new Dictionary<string, string> { ["a"] = "b" })];
        byte[][] trials = [Npz(("x", NpyArray.Of(new float[5 * 7 * 2], 5, 7, 2)), ("y", NpyArray.Of(new double[5 * 7 * 1], 5, 7, 1)),
            ("mask", NpyArray.Of([.. Enumerable.Repeat(1, 35)], 5, 7)), ("step_ms", NpyArray.Of([20.0])),
            ("labels", NpyArray.Of(["left", "right", "left", "left", "ö"], 5)), ("input_labels", NpyArray.Of(["motion", "colour"], 2)))];
        return
        [
            new("npy", "a.npy", 10, [.. Of("*.npy"), Npy(NpyArray.Of(new float[12], 3, 4)), Npy(NpyArray.Of("a text")), Npy(NpyArray.Of([1,
                2, 3], 3)), Npy(NpyArray.Of(["a", "text", "", "ö"], 2, 2))], path => NpyArray.Read(path)),
            new("npz", "a.npz", 10, [.. networks, .. trials], path => NpzFile.Read(path)),
            new("network", "a.npz", 10, networks, path => NetworkFile.Read(path)),
            new("matrix", "a.npy", 10, [.. networks, .. Of("*.npy"), .. Of("*.h5")], path => NetworkFile.ReadRecurrent(path)),
            new("keras", "a.h5", 30, [.. Of("*.h5"), Keras(spec, 2), Keras(spec, 3)], path => KerasNetworkFile.Read(path)),
            new("blob", "a.npz", 10, networks, path => NetworkFile.FromBytes(File.ReadAllBytes(path), path)),
            new("task", "a.npz", 8, trials, path => FileTask.Read(path)),
            new("plan", "a.toml", 8, [File.ReadAllBytes(Path.Combine(Repository.Root, "tools/studies/smoke.toml")),
                Encoding.UTF8.GetBytes(SweepSandbox.Tiny)], path => SweepPlan.Read(path)),
            .. withStore ? [new FuzzReader("store", "runs-1-of-1.sqlite", 4, [Store()], ReadStore)] : Array.Empty<FuzzReader>(),
        ];
    }

    private static byte[] Keras(NetworkSpec spec, int version)
    {
        using var stream = new MemoryStream();
        var signed = spec with { Signs = spec.Signs with { Mode = SignMode.Magnitude } };
        Hdf5Writer.Write(stream, KerasModel.Of(EiRnn.Create(signed, 1), version, null));
        return stream.ToArray();
    }

    /// <summary>The store of a small sweep.</summary>
    private static byte[] Store()
    {
        using var sandbox = new SweepSandbox();
        var folder = sandbox.Run("store", "seeds = 2\nunits = 4\ntrials = 120\nepochs = 1\n", new SweepOptions { Workers = 1 });
        return File.ReadAllBytes(folder.Stores()[0].Path);
    }

    private static void ReadStore(string path)
    {
        var folder = SweepFolder.Existing(Path.GetDirectoryName(path)!);
        foreach (var table in new[] { SweepTable.Runs(folder), SweepTable.Eigenvalues(folder), SweepTable.Losses(folder) })
            foreach (var part in table.Parts) _ = part.Count;
    }

    /// <summary>The cases of a kind, but for the one whose 72 MB of zeros take their time.</summary>
    private static byte[][] Of(string pattern) => [.. Directory.GetFiles(Cases.Folder, pattern)
        .Where(path => Path.GetFileName(path) != "gzip-claim.h5").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static byte[] Npy(NpyArray array)
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, array);
        return stream.ToArray();
    }

    private static byte[] Npz(params (string Name, NpyArray Array)[] arrays)
    {
        using var stream = new MemoryStream();
        NpzFile.Write(stream, arrays.ToDictionary(entry => entry.Name, entry => entry.Array));
        return stream.ToArray();
    }
}
