using System.IO.Compression;
using System.Text;
using EiRnnFast.Model;
using EiRnnFast.Files;
using EiRnnFast.Tests.CommandLine;

namespace EiRnnFast.Tests.Files;

/// <summary>Files of other programs and of attackers: read, or refused with the true reason, before memory or time is spent on
/// them.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Npy(string header, params byte[] values) =>
        _folder.WriteBytes("a.npy", [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8),
            .. Encoding.Latin1.GetBytes(header), .. values]);

    private string Zip(params (string Name, byte[] Content)[] entries)
    {
        File.Delete(_folder["a.npz"]);
        using var archive = ZipFile.Open(_folder["a.npz"], ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var stream = archive.CreateEntry(name).Open();
            stream.Write(content);
        }
        return _folder["a.npz"];
    }

    [Theory]
    [InlineData("{'descr': 'int32', 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{'descr': 'i4', 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{\"descr\": \"<i4\", \"fortran_order\": False, \"shape\": (1,)}")]
    [InlineData("  {'shape':(1,),'fortran_order':True,'descr':'=i4','extra':[1,{'descr': '<f8'}]}\n")]
    public void Headers_are_read_in_every_spelling_that_NumPy_reads(string header) =>
        Assert.Equal([7.0], NpyArray.Read(Npy(header, 7, 0, 0, 0)).ToDoubles());

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "Python objects (pickled)")]
    [InlineData("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }", "a structured element type [('a', '<i4')]")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "element type '<c8'")]
    [InlineData("{'descr': '<i4', 'fortran_order': 0, 'shape': (1,), }", "fortran_order 0")]
    [InlineData("{'descr': '<i4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "a header that is no dictionary")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': 1}", "shape 1")]
    [InlineData("{'descr': '<i4', 'fortran_order': False}", "a header without shape")]
    [InlineData("{'descr: '<i4'}", "a header that is no dictionary")]
    [InlineData("{'descr': '", "a header that is no dictionary")]
    public void Other_headers_are_refused_with_the_reason(string header, string found)
    {
        var path = Npy(header, 7, 0, 0, 0);
        Assert.Contains($"found {found}, ", Rejection.Of(path, () => NpyArray.Read(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_byte_of_a_boolean_array_but_0_is_1()
    {
        Assert.Equal([0, 1, 1, 1], NpyArray.Read(Npy("{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }", 0, 1, 2,
            255)).ToDoubles());
        var mask = NpzFile.Read(Cases.PathOf("boolbytes.npz"))["mask"].ToDoubles();
        Assert.Equal([0.0, 1], mask.Distinct().Order());
    }

    [Theory]
    [InlineData("bare.npy")]
    [InlineData("dquote.npy")]
    [InlineData("intname.npy")]
    [InlineData("bool2.npy")]
    public void Arrays_of_other_writers_are_read(string name) => Assert.Equal(3, NetworkFile.ReadRecurrent(Cases.PathOf(name)).Units);

    [Theory]
    [InlineData("bzip2.npz", "BZip2")]
    [InlineData("lzma.npz", "LZMA")]
    public void A_compression_that_cannot_be_unpacked_is_named(string name, string found)
    {
        var path = Cases.PathOf(name);
        Assert.Contains(found, Rejection.Of(path, () => NetworkFile.ReadRecurrent(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Archives_of_other_programs_are_named()
    {
        AssertFound("a PyTorch file", Zip(("archive/data.pkl", [1]), ("archive/data/0", [1])));
        AssertFound("a Keras 3 archive (.keras)", Zip(("config.json", [1]), ("model.weights.h5", [1])));
        AssertFound("a zip archive without arrays", Zip(("readme.txt", [1])));
        AssertFound("Python objects (pickled)", _folder.WriteBytes("a.pkl", [0x80, 4, 0x95, .. new byte[20]]));
    }

    [Fact]
    public void An_archive_far_larger_than_its_file_is_refused_before_it_is_unpacked()
    {
        using (var archive = ZipFile.Open(_folder["bomb.npz"], ZipArchiveMode.Create))
        {
            using var stream = archive.CreateEntry("recurrent_kernel.npy", CompressionLevel.Optimal).Open();
            const string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4000, 4000), }";
            stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
            var zeros = new byte[4000 * 8];
            for (var row = 0; row < 4000; row++) stream.Write(zeros);
        }
        Assert.InRange(new FileInfo(_folder["bomb.npz"]).Length, 0, 320_000 - 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertFound("arrays of 122 MiB and more in a file of", _folder["bomb.npz"]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L << 20);
    }

    [Fact]
    public void Damaged_weights_of_a_store_are_refused_without_another_exception()
    {
        var whole = NetworkFile.ToBytes(EiRnn.Create(new NetworkSpec { Units = 4, Inputs = 1, Outputs = 1 }, 1), null);
        for (var length = 0; length < whole.Length; length += 3) Rejection.Of("runs.sqlite", () =>
            NetworkFile.FromBytes(whole[..length], "runs.sqlite"));
        Rejection.Of("runs.sqlite", () => NetworkFile.FromBytes([.. "no archive at all"u8], "runs.sqlite"));
    }

    [UnixFact]
    public void A_link_that_leads_nowhere_is_called_so()
    {
        File.CreateSymbolicLink(_folder["link.npy"], _folder["nowhere"]);
        AssertFound("a link that leads nowhere", _folder["link.npy"]);
        AssertFound("no such file", _folder["nowhere"]);
    }

    [Fact]
    public void What_a_file_says_reaches_a_message_in_one_line_and_not_at_length()
    {
        var path = Npy($"{{'descr': '\u001b[31m\r\n\u0085{new string('x', 2000)}', 'fortran_order': False, 'shape': (1,), }}", 7, 0, 0, 0);
        var message = Rejection.Of(path, () => NpyArray.Read(path));
        Assert.Contains("…", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 0, path.Length + 600);
        var archive = Zip(($"\u001b{new string('y', 3000)}\n.npy", [1]));
        Assert.InRange(Rejection.Of(archive, () => NpzFile.Read(archive)).Length, 0, archive.Length + 600);
    }

    private static void AssertFound(string found, string path) =>
        Assert.Contains($"found {found}", Rejection.Of(path, () => NetworkFile.ReadRecurrent(path)), StringComparison.Ordinal);
}
