using EiRnnFast.Files;
using SkiaSharp;

namespace EiRnnFast.Reports.Figures;

/// <summary>The native libraries that draw figures.</summary>
public static class DrawingLibrary
{
    /// <summary>Draws a picture of one pixel.</summary>
    /// <exception cref="InvalidInputException">A library cannot be loaded.</exception>
    public static void Check() => NativeLibraryCheck.Run("figures (SkiaSharp, HarfBuzz)", () =>
    {
        using var surface = SKSurface.Create(new SKImageInfo(1, 1));
        surface.Canvas.Clear(SKColors.White);
        using var text = new HarfBuzzSharp.Buffer();
        text.AddUtf8("1");
    });
}
