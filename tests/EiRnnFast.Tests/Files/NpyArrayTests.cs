using System.Globalization;
using System.Text;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.Files;

public sealed class NpyArrayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Arrays_come_back_bit_for_bit()
    {
        float[] singles = [0, -0f, float.Epsilon, float.MaxValue, float.NaN, float.NegativeInfinity];
        NpyArray.Of(singles, 2, 3).Write(_folder["a.npy"]);
        var read = NpyArray.Read(_folder["a.npy"]);
        Assert.Equal([2, 3], read.Shape);
        Assert.Equal(singles.Select(BitConverter.SingleToInt32Bits), read.Floats!.Select(BitConverter.SingleToInt32Bits));

        double[] doubles = [Math.PI, double.Epsilon, -0.0];
        NpyArray.Of(doubles, 3).Write(_folder["a.npy"]);
        Assert.Null(NpyArray.Read(_folder["a.npy"]).Floats);
        Assert.Equal(doubles.Select(BitConverter.DoubleToInt64Bits),
            NpyArray.Read(_folder["a.npy"]).ToDoubles().Select(BitConverter.DoubleToInt64Bits));

        NpyArray.Of([int.MinValue, 7], 2, 1).Write(_folder["a.npy"]);
        Assert.Equal([int.MinValue, 7.0], NpyArray.Read(_folder["a.npy"]).ToDoubles());
        NpyArray.Of(Array.Empty<float>(), 0, 5).Write(_folder["a.npy"]);
        Assert.Equal([0, 5], NpyArray.Read(_folder["a.npy"]).Shape);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\": \"ü 🧠\"}")]
    public void Texts_come_back(string text)
    {
        NpyArray.Of(text).Write(_folder["a.npy"]);
        Assert.Equal(text, NpyArray.Read(_folder["a.npy"]).Text);
    }

    [Fact]
    public void A_shape_of_another_length_is_refused()
    {
        Assert.Throws<InvalidInputException>(() => NpyArray.Of([1f, 2f], 3));
        Assert.Throws<InvalidInputException>(() => NpyArray.Of([1f, 2f], -2, -1));
        Assert.Throws<InvalidInputException>(() => NpyArray.Of("text").ToFloats());
    }

    [NumPyFact]
    public void Files_are_those_of_NumPy_byte_for_byte()
    {
        NumPyFactAttribute.Run("""
            import sys, numpy as np
            at = lambda name: sys.argv[1].replace('NAME', name)
            np.save(at('f4'), np.arange(6, dtype='<f4').reshape(2, 3))
            np.save(at('f8'), np.arange(1000, dtype='<f8') / 7)
            np.save(at('i4'), np.arange(24, dtype='<i4').reshape(2, 3, 4))
            np.save(at('u'), np.array('{"a": "ü🧠"}'))
            np.save(at('empty'), np.zeros((0, 3), '<f4'))
            np.save(at('scalar'), np.array(2.5, '<f4'))
            """, _folder["NAME.npy"]);
        (string Name, NpyArray Array)[] ours =
        [
            ("f4", NpyArray.Of([.. Enumerable.Range(0, 6).Select(i => (float)i)], 2, 3)),
            ("f8", NpyArray.Of([.. Enumerable.Range(0, 1000).Select(i => i / 7.0)], 1000)),
            ("i4", NpyArray.Of([.. Enumerable.Range(0, 24)], 2, 3, 4)),
            ("u", NpyArray.Of("{\"a\": \"ü🧠\"}")),
            ("empty", NpyArray.Of(Array.Empty<float>(), 0, 3)),
            ("scalar", NpyArray.Of([2.5f])),
        ];
        foreach (var (name, array) in ours)
        {
            array.Write(_folder["ours.npy"]);
            Assert.Equal(File.ReadAllBytes(_folder[$"{name}.npy"]), File.ReadAllBytes(_folder["ours.npy"]));
        }
    }

    [NumPyFact]
    public void Reads_every_number_type_order_and_version_that_NumPy_writes()
    {
        var names = NumPyFactAttribute.Run("""
            import sys, numpy as np
            from numpy.lib import format
            at = lambda name: sys.argv[1].replace('NAME', name)
            a = np.arange(24).reshape(2, 3, 4)
            for d in '<f2 >f2 <f4 >f4 <f8 >f8 |i1 |u1 <i2 >i2 <u2 >u2 <i4 >i4 <u4 >u4 <i8 >i8 <u8 >u8'.split():
                for v in (1, 0), (2, 0), (3, 0):
                    for order in 'CF':
                        name = f"{d[1:]}{'b' if d[0] == '>' else 'l'}{v[0]}{order}"
                        with open(at(name), 'wb') as f: format.write_array(f, np.array(a, d, order=order), v)
                        print(name)
            np.save(at('text'), np.array('Gerät 🧠', '>U9'))
            """, _folder["NAME.npy"]).Split('\n');
        Assert.Equal(20 * 3 * 2, names.Length);
        foreach (var name in names)
        {
            var array = NpyArray.Read(_folder[$"{name}.npy"]);
            Assert.Equal([2, 3, 4], array.Shape);
            Assert.Equal(Enumerable.Range(0, 24).Select(i => (double)i), array.ToDoubles());
            Assert.Equal(name.StartsWith("f4", StringComparison.Ordinal), array.Floats is not null);
        }
        Assert.Equal("Gerät 🧠", NpyArray.Read(_folder["text.npy"]).Text);
    }

    /// <summary>Our arrays of texts are those of NumPy, byte for byte, and are read back.</summary>
    [NumPyFact]
    public void Arrays_of_texts_are_NumPys()
    {
        string[] texts = ["left", "", "größer 🧠", "a", "b", "left"];
        NpyArray.Of(texts, 3, 2).Write(_folder["ours.npy"]);
        NumPyFactAttribute.Run("""
            import sys, numpy as np
            np.save(sys.argv[1], np.array(['left', '', 'größer 🧠', 'a', 'b', 'left']).reshape(3, 2))
            np.save(sys.argv[1].replace('numpy', 'fortran'), np.asfortranarray(np.load(sys.argv[1])))
            np.save(sys.argv[1].replace('numpy', 'none'), np.array([], 'U'))
            """, _folder["numpy.npy"]);
        Assert.Equal(File.ReadAllBytes(_folder["numpy.npy"]), File.ReadAllBytes(_folder["ours.npy"]));
        foreach (var name in (string[])["ours.npy", "fortran.npy"])
        {
            var array = NpyArray.Read(_folder[name]);
            Assert.Equal([3, 2], array.Shape);
            Assert.Equal(texts, array.Texts);
            Assert.False(array.IsNumeric);
            Assert.Null(array.Text);
            Assert.Throws<InvalidInputException>(array.ToFloats);
        }
        Assert.Empty(NpyArray.Read(_folder["none.npy"]).Texts!);
    }

    [NumPyFact]
    public void Element_types_without_numbers_or_texts_are_refused()
    {
        var names = NumPyFactAttribute.Run("""
            import sys, numpy as np
            for i, a in enumerate([np.array([1j]), np.array([{}], object), np.zeros(2, 'f4,i4'), np.array([b'\xff']),
                                   np.array(1, 'M8[s]'), np.zeros(2, np.longdouble)]):
                np.save(sys.argv[1].replace('NAME', str(i)), a, allow_pickle=True)
                print(i)
            """, _folder["NAME.npy"]).Split('\n');
        foreach (var name in names) Rejection.Of(_folder[$"{name}.npy"], () => NpyArray.Read(_folder[$"{name}.npy"]));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000000000), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -1), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (\n,x), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2), "
        + "}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }")]
    [InlineData("{'descr': '<f3', 'fortran_order': False, 'shape': (2,), }")]
    [InlineData("{'descr': '<f99999999999', 'fortran_order': False, 'shape': (2,), }")]
    [InlineData("{'descr': '<U2147483647', 'fortran_order': False, 'shape': (), }")]
    [InlineData("{'descr': '<U2147483647', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647), }")]
    [InlineData("{'descr': '<U2', 'fortran_order': False, 'shape': (), }")]
    [InlineData("{'descr': [('a', '<f4'), ('b', '<f4')], 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("")]
    public void A_header_that_lies_is_refused(string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. "12345678"u8];
        var path = _folder.WriteBytes("a.npy", bytes);
        Rejection.Of(path, () => NpyArray.Read(path));
    }

    [Fact]
    public void Truncated_and_foreign_files_are_refused()
    {
        NpyArray.Of([1f, 2f], 2).Write(_folder["whole.npy"]);
        var whole = File.ReadAllBytes(_folder["whole.npy"]);
        for (var length = 0; length < whole.Length; length++)
        {
            var path = _folder.WriteBytes("a.npy", whole[..length]);
            Rejection.Of(path, () => NpyArray.Read(path));
        }
        byte[][] foreign =
        [
            [.. whole, 0], [0x93, .. "NUMPY"u8, 9, 0, 0, 0, .. new byte[99]],
            [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255, .. new byte[99]],
            [.. Encoding.ASCII.GetBytes("1 2 3 4 is a text, not an array")],
        ];
        foreach (var bytes in foreign)
        {
            var path = _folder.WriteBytes("a.npy", bytes);
            Rejection.Of(path, () => NpyArray.Read(path));
        }
        Rejection.Of(_folder["none.npy"], () => NpyArray.Read(_folder["none.npy"]));
    }

    [Fact]
    public void Reading_does_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            NpyArray.Of([1.5f, -2f], 2).Write(_folder["a.npy"]);
            Assert.Equal([1.5, -2], NpyArray.Read(_folder["a.npy"]).ToDoubles());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
