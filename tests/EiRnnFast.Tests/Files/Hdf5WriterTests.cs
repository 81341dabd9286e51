using EiRnnFast.Files;
using PureHDF;

namespace EiRnnFast.Tests.Files;

public sealed class Hdf5WriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Written(Hdf5Group root)
    {
        using var stream = File.Create(_folder["a.h5"]);
        Hdf5Writer.Write(stream, root);
        Assert.Equal(stream.Length, stream.Position);
        return _folder["a.h5"];
    }

    private static Hdf5Group With(Hdf5AttributeForm form, params string[] texts) =>
        new() { Attributes = [new("a", form, texts)] };

    private string[]? Texts(Hdf5Group root)
    {
        using var stream = File.OpenRead(Written(root));
        return new Hdf5File(stream, "a.h5").Root.Texts("a");
    }

    [Theory]
    [InlineData(Hdf5AttributeForm.Ascii, "one")]
    [InlineData(Hdf5AttributeForm.Utf8, "Größe ∂")]
    [InlineData(Hdf5AttributeForm.Utf8, "")]
    [InlineData(Hdf5AttributeForm.AsciiList, "one", "", "three", "one")]
    [InlineData(Hdf5AttributeForm.FixedList, "one", "three", "a")]
    [InlineData(Hdf5AttributeForm.FixedList, "12345678", "1234567")]
    public void Texts_come_back(object form, params string[] texts)
    {
        Assert.Equal(texts, Texts(With((Hdf5AttributeForm)form, texts)));
        using var file = H5File.OpenRead(Written(With((Hdf5AttributeForm)form, texts)));
        var attribute = file.Attribute("a");
        Assert.Equal(texts, attribute.Space.Rank == 0 ? [attribute.Read<string>() ?? ""] : Array.ConvertAll(attribute.Read<string[]>(),
            text => text ?? ""));
    }

    [Theory]
    [InlineData(4080 - 16)] // the heap is full to the last byte
    [InlineData(4080 - 16 - 8)] // less is left than a free space needs
    [InlineData(4080 - 16 - 16)]
    [InlineData(4080 - 16 + 1)]
    [InlineData(3_000_000)]
    public void A_text_may_be_of_any_length(int length)
    {
        var text = new string('x', length);
        Assert.Equal([text], Texts(With(Hdf5AttributeForm.Utf8, text))!);
        using var file = H5File.OpenRead(_folder["a.h5"]);
        Assert.Equal(text, file.Attribute("a").Read<string>());
    }

    [Fact]
    public void Groups_and_matrices_come_back_by_another_reader()
    {
        var root = new Hdf5Group();
        float[] values = [1, 2, -0f, float.Epsilon, 5, float.MaxValue];
        root.At("one/two/three").Children.Add("matrix", NpyArray.Of(values, 2, 3));
        root.At("one").Children.Add("a", NpyArray.Of([7f], 1));
        root.At("empty").Attributes.Add(new("none", Hdf5AttributeForm.EmptyList));
        for (var i = 0; i < Hdf5Writer.MostChildren; i++) root.At($"many/g{7 - i}");
        var bytes = File.ReadAllBytes(Written(root));
        Assert.Equal(bytes, File.ReadAllBytes(Written(root)));
        using var file = H5File.OpenRead(_folder["a.h5"]);
        var matrix = file.Dataset("one/two/three/matrix");
        Assert.Equal([2UL, 3], matrix.Space.Dimensions);
        Assert.Equal(Array.ConvertAll(values, BitConverter.SingleToInt32Bits),
            Array.ConvertAll(matrix.Read<float[]>(), BitConverter.SingleToInt32Bits));
        Assert.Equal([7f], file.Dataset("one/a").Read<float[]>());
        Assert.Equal(8, file.Group("many").Children().Count());
        Assert.Empty(file.Group("empty").Children());
        Assert.Equal([0UL], file.Group("empty").Attribute("none").Space.Dimensions);
    }

    [Fact]
    public void More_than_the_form_can_hold_is_refused()
    {
        var root = new Hdf5Group();
        for (var i = 0; i <= Hdf5Writer.MostChildren; i++) root.At($"g{i}");
        Assert.Contains("9 children", Assert.Throws<ArgumentException>(() => Written(root)).Message, StringComparison.Ordinal);

        var room = Hdf5Writer.MostAttributeBytes - 8 - 8 - 8 - 24;
        Assert.Equal([new string('x', room)], Texts(With(Hdf5AttributeForm.FixedList, new string('x', room)))!);
        Assert.Contains("65529 bytes", Assert.Throws<ArgumentException>(() =>
            Written(With(Hdf5AttributeForm.FixedList, new string('x', room + 1)))).Message, StringComparison.Ordinal);

        string[] texts = [.. Enumerable.Range(0, 60).Select(i => $"{i}")];
        Assert.Equal(texts, Texts(With(Hdf5AttributeForm.AsciiList, texts)));
        var many = new Hdf5Group();
        for (var i = 0; i < 17; i++)
            many.Attributes.Add(new($"a{i}", Hdf5AttributeForm.AsciiList, [.. Enumerable.Range(4000 * i, 4000).Select(j => $"{j}")]));
        Assert.Contains("65535 texts", Assert.Throws<ArgumentException>(() => Written(many)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Written(new Hdf5Group { Children = { ["d"] = NpyArray.Of([1.0], 1) } }));
    }
}
