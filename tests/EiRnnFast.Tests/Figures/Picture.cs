using SkiaSharp;

namespace EiRnnFast.Tests.Figures;

/// <summary>A decoded PNG to ask questions about.</summary>
internal sealed class Picture : IDisposable
{
    private readonly SKBitmap bitmap;

    public Picture(byte[] png)
    {
        bitmap = SKBitmap.Decode(png) ?? throw new InvalidOperationException("not a picture");
    }

    public (int Width, int Height) Size => (bitmap.Width, bitmap.Height);

    public void Dispose() => bitmap.Dispose();

    /// <summary>Pixels near a colour in a part of the picture given in fractions of its size.</summary>
    public int Count(SKColor color, double left = 0, double top = 0, double right = 1, double bottom = 1)
    {
        var count = 0;
        for (var y = (int)(top * bitmap.Height); y < (int)(bottom * bitmap.Height); y++)
            for (var x = (int)(left * bitmap.Width); x < (int)(right * bitmap.Width); x++)
                if (Near(bitmap.GetPixel(x, y), color))
                    count++;
        return count;
    }

    /// <summary>
    /// Leftmost, topmost, rightmost and bottommost pixel near a colour above a row, in fractions of the picture's height.
    /// </summary>
    public (int Left, int Top, int Right, int Bottom) Box(SKColor color, double aboveRow)
    {
        var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, -1, -1);
        for (var y = 0; y < (int)(aboveRow * bitmap.Height); y++)
            for (var x = 0; x < bitmap.Width; x++)
                if (Near(bitmap.GetPixel(x, y), color))
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        return (left, top, right, bottom);
    }

    private static bool Near(SKColor a, SKColor b) =>
        Math.Abs(a.Red - b.Red) < 24 && Math.Abs(a.Green - b.Green) < 24 && Math.Abs(a.Blue - b.Blue) < 24;
}
