using ScottPlot;
using SkiaSharp;

namespace EiRnnFast.Reports.Figures;

/// <summary>DejaVu Sans as shipped inside this assembly: the one font of every figure, whatever fonts the machine has.</summary>
public static class EmbeddedFont
{
    /// <summary>Name under which ScottPlot knows the font; unlike any installed family, so that no system font answers to it.</summary>
    public const string Name = "DejaVu Sans (embedded)";

    private const string Resource = "DejaVuSans.ttf";

    private static readonly Lazy<SKTypeface> s_loaded = new(Load);
    private static readonly Lazy<bool> s_installation = new(SetUp);

    /// <summary>The typeface read from the embedded file.</summary>
    public static SKTypeface Typeface => s_loaded.Value;

    /// <summary>Makes ScottPlot draw all text with the embedded font. May be called any number of times and from any thread.</summary>
    public static void Install() => _ = s_installation.Value;

    private static SKTypeface Load()
    {
        using var stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream(Resource)
            ?? throw new ComputationException($"the font {Resource} is missing from the assembly; rebuild the project");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data)
            ?? throw new ComputationException($"the embedded font {Resource} cannot be read; rebuild the project");
    }

    private static bool SetUp()
    {
        // First in the list, and it answers to every name: a figure never falls back on a system font.
        Fonts.FontResolvers.Insert(0, new Resolver(Typeface));
        Fonts.Default = Fonts.Sans = Fonts.Serif = Fonts.Monospace = Name;
        return true;
    }

    private sealed class Resolver(SKTypeface typeface) : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => typeface;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => typeface;
    }
}
