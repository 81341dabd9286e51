using System.Globalization;
using System.Text;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace EiRnnFast.Reports.Figures;

/// <summary>A white page with a title on top, a grid of equal panels and one legend below them. Lengths are in points.</summary>
internal sealed class FigureSheet(int columns, int rows, PixelSize data)
{
    private const float Left = 66, Right = 18, Top = 34, Bottom = 52; // around the data area of a panel
    private const float Heading = 46, Margin = 10;
    private const float LegendSize = 14, LegendSymbol = 38, LegendGap = 14, LegendRow = 24;
    private const float TitleSize = 19, PanelTitleSize = 15, LabelSize = 15, TickSize = 13, SmallestText = 8;

    /// <summary>Lines on white compress as well without filters, whose choice takes longer than drawing.</summary>
    private static readonly SKPngEncoderOptions s_png = new(SKPngEncoderFilterFlags.None, 6);

    /// <summary>A sheet of panels of the same size; without rows it is the legend alone.</summary>
    public FigureSheet Of(int columns, int rows) => new(columns, rows, data);

    /// <summary>Room for the title.</summary>
    private float Header => rows == 0 ? 0 : Heading;

    private float PanelWidth => Left + data.Width + Right;

    private float PanelHeight => Top + data.Height + Bottom;

    private float Width => 2 * Margin + columns * PanelWidth;

    /// <summary>A panel with axes fixed to <paramref name="limits"/> and ticks at round values.</summary>
    public static Plot NewPanel(string xLabel, string yLabel, AxisLimits limits, int xTicks, int yTicks)
    {
        EmbeddedFont.Install();
        var plot = NewPlot();
        plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, Top));
        plot.Axes.SetLimits(limits);
        StyleAxis(plot.Axes.Bottom, xLabel, limits.Left, limits.Right, xTicks);
        StyleAxis(plot.Axes.Left, yLabel, limits.Bottom, limits.Top, yTicks);
        return plot;
    }

    /// <summary>Draws everything and returns the picture as PNG of <paramref name="scale"/> pixels a point.</summary>
    public byte[] Png(string title, IReadOnlyList<(Plot Plot, string Title)> panels, LegendItem[] items, float scale)
    {
        var height = Height(items);
        using var surface = SKSurface.Create(new SKImageInfo((int)MathF.Ceiling(Width * scale), (int)MathF.Ceiling(height * scale)))
            ?? throw new ComputationException(FormattableString.Invariant(
                $"no picture of {Width * scale:0}×{height * scale:0} pixels could be made; use a smaller scale or fewer panels"));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        Draw(surface.Canvas, title, panels, items);
        using var pixels = surface.PeekPixels();
        using var png = pixels.Encode(s_png)
            ?? throw new ComputationException($"figure '{title}' could not be compressed; use a smaller scale or fewer panels");
        return png.ToArray();
    }

    /// <summary>Draws everything and returns the picture as an SVG element, which grows and shrinks with its place.</summary>
    public string Svg(string title, IReadOnlyList<(Plot Plot, string Title)> panels, LegendItem[] items)
    {
        var (width, height) = (MathF.Ceiling(Width), MathF.Ceiling(Height(items)));
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(width, height), stream))
        {
            using var paper = new SKPaint { Color = SKColors.White };
            canvas.DrawRect(0, 0, width, height, paper);
            Draw(canvas, title, panels, items);
        }
        return VectorPicture.Tidy(Encoding.UTF8.GetString(stream.ToArray()), width, height);
    }

    private float Height(LegendItem[] items)
    {
        EmbeddedFont.Install();
        return Header + rows * PanelHeight + (items.Length > 0 ? LegendRow * LegendRows(items) : 0) + 2 * Margin;
    }

    private void Draw(SKCanvas canvas, string title, IReadOnlyList<(Plot Plot, string Title)> panels, LegendItem[] items)
    {
        try
        {
            DrawPanels(canvas, title, panels, items);
        }
        catch (InvalidOperationException e) // ScottPlot's axes, of values near the largest double
        {
            throw new ComputationException($"figure '{title}': its values are too large to be drawn; scale them down", e);
        }
    }

    private void DrawPanels(SKCanvas canvas, string title, IReadOnlyList<(Plot Plot, string Title)> panels, LegendItem[] items)
    {
        for (var i = 0; i < panels.Count; i++)
        {
            float x = Margin + i % columns * PanelWidth, y = Header + i / columns * PanelHeight;
            Render(panels[i].Plot, canvas, new PixelRect(x, x + PanelWidth, y + PanelHeight, y));
            DrawCentred(canvas, panels[i].Title, x + Left + data.Width / 2, y + Top - 10, data.Width, PanelTitleSize);
        }
        DrawCentred(canvas, title, Width / 2, 31, Width - 2 * Margin, TitleSize);
        if (items.Length > 0) Render(LegendStrip(items), canvas, new PixelRect(0, Width, Height(items), Header + rows * PanelHeight));
    }

    /// <summary>The first time ScottPlot draws everything twice, once to measure: that goes nowhere, and SVG is half as long.</summary>
    private static void Render(Plot plot, SKCanvas canvas, PixelRect place)
    {
        if (plot.RenderManager.RenderCount == 0)
        {
            using var nowhere = new SKNoDrawCanvas((int)place.Right + 1, (int)place.Bottom + 1);
            plot.Render(nowhere, place);
        }
        plot.Render(canvas, place);
    }

    /// <summary>A number as a figure shows it: invariant, at most <paramref name="format"/> long, with a true minus sign.</summary>
    public static string Number(double value, string format = "0.###") =>
        value.ToString(Math.Abs(value) >= 1e5 ? "0.##e0" : format, CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>Whether values differ by rounding alone.</summary>
    public static bool AreOne(double low, double high) => high - low <= Math.Max(1e-12, 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)));

    /// <summary>Room on both sides of a value that an axis shows alone.</summary>
    public static double RoomAround(double value) => value == 0 ? 1 : Math.Abs(value);

    /// <summary>Leaves one tick, at the only value that an axis shows: round numbers beside it would say nothing.</summary>
    public static void TickAlone(IAxis axis, double value)
    {
        var tick = new NumericManual();
        tick.AddMajor(value, Number(value, value != 0 && Math.Abs(value) < 0.01 ? "0.##e0" : "0.####"));
        axis.TickGenerator = tick;
    }

    private static Plot LegendStrip(IEnumerable<LegendItem> items)
    {
        var strip = NewPlot();
        strip.Layout.Frameless();
        strip.ShowLegend(items.Select(Level), Alignment.MiddleCenter);
        strip.Legend.Orientation = Orientation.Horizontal;
        strip.Legend.FontName = EmbeddedFont.Name;
        strip.Legend.FontSize = LegendSize;
        strip.Legend.SymbolWidth = LegendSymbol;
        strip.Legend.TightHorizontalWrapping = true;
        strip.Legend.InterItemPadding = new PixelPadding(LegendGap, LegendGap, 2, 2);
        strip.Legend.OutlineWidth = 0;
        strip.Legend.ShadowColor = Colors.Transparent;
        return strip;

        static LegendItem Level(LegendItem item)
        {
            item.LabelStyle.OffsetY = 3; // ScottPlot sets the text of a legend a little above its symbols
            return item;
        }
    }

    /// <summary>Rows the legend needs, with some room to spare.</summary>
    private int LegendRows(IEnumerable<LegendItem> items)
    {
        using var font = new SKFont(EmbeddedFont.Typeface, LegendSize);
        var (count, used) = (1, 0f);
        foreach (var width in items.Select(i => font.MeasureText(i.LabelText) + LegendSymbol + 2.5f * LegendGap))
        {
            if (used > 0 && used + width > Width - 4 * Margin)
                (count, used) = (count + 1, 0);
            used += width;
        }
        return count;
    }

    private static Plot NewPlot()
    {
        var plot = new Plot();
        plot.HideGrid();
        plot.RenderManager.ClearCanvasBeforeEachRender = false; // the page holds several plots
        return plot;
    }

    private static void StyleAxis(IAxis axis, string label, double low, double high, int ticks)
    {
        axis.Label.Text = label;
        axis.Label.FontName = EmbeddedFont.Name;
        axis.Label.FontSize = LabelSize;
        axis.Label.Bold = false;
        axis.TickLabelStyle.FontName = EmbeddedFont.Name;
        axis.TickLabelStyle.FontSize = TickSize;
        if (axis is IYAxis)
            axis.TickLabelStyle.OffsetY = 2.5f; // level with the tick

        var step = RoundStep((high - low) / ticks);
        // 0.0025 needs four
        var format = step < 1e-6 ? "0.##e0" : "0." + new string('#', Math.Max(3, 1 - (int)Math.Floor(Math.Log10(step))));
        var generator = new NumericManual();
        for (var k = Math.Ceiling(low / step - 1e-9); k <= high / step + 1e-9; k++)
            generator.AddMajor(k * step, Number(k * step + 0.0, format)); // + 0.0 turns −0 into 0
        axis.TickGenerator = generator;
    }

    /// <summary>The smallest of 1, 2, 2.5 and 5 times a power of ten that is no less than <paramref name="rough"/>.</summary>
    private static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double[] factors = [1, 2, 2.5, 5];
        return power * factors.FirstOrDefault(f => f * power >= rough * (1 - 1e-9), 10);
    }

    /// <summary>
    /// Text centred on <paramref name="x"/>; made smaller, then cut with an ellipsis, when wider than <paramref name="room"/>.
    /// </summary>
    private static void DrawCentred(SKCanvas canvas, string text, float x, float baseline, float room, float size)
    {
        text = text.ReplaceLineEndings(" ");
        using var font = new SKFont(EmbeddedFont.Typeface, size) { Subpixel = true };
        using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        while (font.MeasureText(text) > room && font.Size > SmallestText)
            font.Size -= 0.25f; // widths do not quite follow sizes
        for (var length = text.Length; length > 0 && font.MeasureText(text) > room; length--)
            text = string.Concat(text.AsSpan(0, length - 1), "…");
        canvas.DrawText(text, x, baseline, SKTextAlign.Center, font, paint);
    }
}
