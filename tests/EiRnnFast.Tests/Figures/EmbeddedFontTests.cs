using EiRnnFast.Reports.Figures;
using ScottPlot;
using SkiaSharp;

namespace EiRnnFast.Tests.Figures;

public class EmbeddedFontTests
{
    [Fact]
    public void The_typeface_is_the_file_in_the_assembly()
    {
        using var stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        var embedded = new byte[stream.Length];
        stream.ReadExactly(embedded);

        using var used = EmbeddedFont.Typeface.OpenStream();
        var bytes = new byte[used.Length];
        Assert.Equal(bytes.Length, used.Read(bytes, bytes.Length));

        Assert.Equal("DejaVu Sans", EmbeddedFont.Typeface.FamilyName);
        Assert.Equal(embedded, bytes);
    }

    [Fact]
    public void Every_font_ScottPlot_asks_for_is_the_embedded_one()
    {
        Parallel.For(0, 16, _ => EmbeddedFont.Install());

        Assert.Equal(EmbeddedFont.Name, Fonts.Default);
        foreach (var name in new[] { Fonts.Default, Fonts.Sans, Fonts.Serif, Fonts.Monospace, "No such font 31415" })
            Assert.Same(EmbeddedFont.Typeface, Fonts.GetTypeface(name, bold: true, italic: false));
        Assert.Single(Fonts.FontResolvers, r => r.GetType().DeclaringType == typeof(EmbeddedFont));
        Assert.Same(EmbeddedFont.Typeface,
            new Plot().Axes.Bottom.Label.FontName is var used ? Fonts.GetTypeface(used, false, false) : null);
    }

    [Theory]
    [InlineData("Re λ")]
    [InlineData("Im λ")]
    [InlineData("time (ms)")]
    [InlineData("−0.5 ± 1 × 10⁻³ …—→")]
    public void Text_has_a_glyph_for_every_character(string text)
    {
        var glyphs = EmbeddedFont.Typeface.GetGlyphs(text);

        Assert.Equal(text.Length, glyphs.Length);
        Assert.DoesNotContain((ushort)0, glyphs);
    }

    [Fact]
    public void Lambda_is_drawn_as_itself_and_not_as_an_empty_box()
    {
        var (lambda, tofu) = (Ink("λ"), Ink("\uE123"));

        Assert.NotEmpty(lambda);
        Assert.NotEqual(tofu, lambda);
        Assert.NotEqual(Ink("Re"), Ink("Re λ"));
    }

    /// <summary>Indices of the dark pixels of a text.</summary>
    private static int[] Ink(string text)
    {
        using var bitmap = new SKBitmap(120, 50);
        using var canvas = new SKCanvas(bitmap);
        using var font = new SKFont(EmbeddedFont.Typeface, 30);
        using var paint = new SKPaint { Color = SKColors.Black };
        canvas.Clear(SKColors.White);
        canvas.DrawText(text, 5, 38, font, paint);
        canvas.Flush();
        return [.. bitmap.Pixels.Index().Where(p => p.Item.Red < 128).Select(p => p.Index)];
    }
}
