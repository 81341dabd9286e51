using System.IO.Compression;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.Files;

public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, NpyArray> Sample => new()
    {
        ["b"] = NpyArray.Of([1.5, 2.5], 2),
        ["a/nested"] = NpyArray.Of([.. Enumerable.Range(0, 500).Select(i => i / 4f)], 5, 100),
        ["text"] = NpyArray.Of("Gerät"),
    };

    /// <summary>An identity of 4600 units would deflate 900-fold, which readers refuse as a bomb.</summary>
    [Fact]
    public void A_large_matrix_that_deflates_to_nothing_comes_back()
    {
        const int Units = 4600;
        NpzFile.Write(_folder["large.npz"],
            new Dictionary<string, NpyArray> { ["recurrent_kernel"] = NpyArray.Of(new float[Units * Units], Units, Units) });
        Assert.Equal([Units, Units], NpzFile.Read(_folder["large.npz"])["recurrent_kernel"].Shape);
    }

    [Fact]
    public void Arrays_come_back_and_the_same_arrays_give_the_same_bytes()
    {
        NpzFile.Write(_folder["a.npz"], Sample);
        NpzFile.Write(_folder["b.npz"], Sample.Reverse().ToDictionary());
        Assert.Equal(File.ReadAllBytes(_folder["a.npz"]), File.ReadAllBytes(_folder["b.npz"]));
        var read = NpzFile.Read(_folder["a.npz"]);
        Assert.Equal(["a/nested", "b", "text"], read.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Sample["a/nested"].Floats, read["a/nested"].Floats);
        Assert.Equal([1.5, 2.5], read["b"].ToDoubles());
        Assert.Equal("Gerät", read["text"].Text);
        Assert.Equal(["b"], NpzFile.Read(_folder["a.npz"], ["b", "c"]).Keys);
    }

    [NumPyFact]
    public void NumPy_reads_ours()
    {
        NpzFile.Write(_folder["a.npz"], Sample);
        Assert.Equal("['a/nested', 'b', 'text'] float32 (5, 100) 31187.5 [1.5, 2.5] Ger\\xe4t", NumPyFactAttribute.Run("""
            import sys, numpy as np
            z = np.load(sys.argv[1])
            a = z['a/nested']
            print(sorted(z), a.dtype, a.shape, round(float(a.sum(dtype='f8')), 3), z['b'].tolist(), ascii(z['text'].item())[1:-1])
            """, _folder["a.npz"]));
    }

    [NumPyFact]
    public void We_read_those_of_NumPy()
    {
        NumPyFactAttribute.Run("""
            import sys, numpy as np
            a = dict(x=np.asfortranarray(np.arange(6.0).reshape(2, 3)), y=np.array([3, 4]), z=np.array({}, object))
            np.savez(sys.argv[1] + '/plain.npz', **a); np.savez_compressed(sys.argv[1] + '/deflated.npz', **a)
            """, _folder["."]);
        foreach (var name in new[] { "plain.npz", "deflated.npz" })
        {
            var read = NpzFile.Read(_folder[name], ["x", "y"]);
            Assert.Equal([0, 1, 2, 3, 4, 5], read["x"].ToDoubles());
            Assert.Equal([3, 4], read["y"].ToDoubles());
            Rejection.Of(_folder[name], () => NpzFile.Read(_folder[name]));
        }
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public void A_damaged_byte_never_gives_other_numbers(CompressionLevel level)
    {
        NpyArray.Of([.. Enumerable.Range(0, 40).Select(i => i / 3f)], 40).Write(_folder["a.npy"]);
        using (var archive = ZipFile.Open(_folder["whole.npz"], ZipArchiveMode.Create))
            archive.CreateEntryFromFile(_folder["a.npy"], "a.npy", level);
        var whole = File.ReadAllBytes(_folder["whole.npz"]);
        var expected = NpyArray.Read(_folder["a.npy"]).Floats;
        for (var at = 0; at < whole.Length; at++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0x41;
            var path = _folder.WriteBytes("damaged.npz", bytes);
            try
            {
                if (NpzFile.Read(path).TryGetValue("a", out var array)) Assert.Equal(expected, array.Floats);
            }
            catch (InvalidInputException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }
        }
        for (var length = 0; length < whole.Length; length++)
        {
            var path = _folder.WriteBytes("truncated.npz", whole[..length]);
            Rejection.Of(path, () => NpzFile.Read(path));
        }
    }

    [Fact]
    public void A_name_that_comes_twice_is_refused()
    {
        NpyArray.Of([1f], 1).Write(_folder["a.npy"]);
        using (var archive = ZipFile.Open(_folder["twice.npz"], ZipArchiveMode.Create))
            for (var i = 0; i < 2; i++) archive.CreateEntryFromFile(_folder["a.npy"], "a.npy");
        Rejection.Of(_folder["twice.npz"], () => NpzFile.Read(_folder["twice.npz"]));
    }
}
