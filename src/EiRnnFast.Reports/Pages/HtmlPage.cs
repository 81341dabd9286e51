using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EiRnnFast.Reports;

/// <summary>
/// One page of HTML that is also well-formed XML, with everything in it: no script, no network. It fits a phone, prints, and
/// follows the reader's choice of light and dark; figures stay on white paper.
/// </summary>
internal sealed partial class HtmlPage(string title)
{
    /// <summary>Characters beyond which figures are left out, so that the page stays below 10 MB.</summary>
    private const int Budget = 9_000_000;

    private const string Style = """
        :root{--ink:#1b1f24;--soft:#57606a;--paper:#fdfdfc;--line:#d4d8dd;--head:#eef1f4;--link:#0b5a92;--warn:#fff3df;--edge:#d55e00}
        @media (prefers-color-scheme:dark){:root{--ink:#e3e6ea;--soft:#a3acb6;--paper:#15181c;--line:#3a4149;--head:#21262c;--link:#7cc0f0;
        --warn:#33260f;--edge:#e69f00}}
        *{box-sizing:border-box}
        html{color-scheme:light dark;-webkit-text-size-adjust:100%}
        body{margin:0 auto;max-width:76rem;padding:1rem clamp(.8rem,3vw,2.5rem) 3rem;
        font:1rem/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;
        color:var(--ink);background:var(--paper);overflow-wrap:break-word}
        h1{font-size:1.6rem;line-height:1.2;margin:.6rem 0 .3rem}
        h2{font-size:1.25rem;margin:2.2rem 0 .6rem;padding-top:.4rem;border-top:1px solid var(--line)}
        h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
        p,li{max-width:62rem}ul{padding-left:1.2rem}li{margin:.25rem 0}a{color:var(--link)}
        .soft,figcaption{color:var(--soft);font-size:.875rem}
        nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;padding:0;margin:.6rem 0}nav li{margin:0}
        nav a{display:inline-block;padding:.2rem 0}
        .warn{background:var(--warn);border-left:4px solid var(--edge);padding:.5rem .8rem;border-radius:0 4px 4px 0}
        .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:4px;margin:.6rem 0}
        table{border-collapse:collapse;font-size:.8125rem;font-variant-numeric:tabular-nums;min-width:100%}
        th,td{padding:.28rem .6rem;border-top:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}
        thead th{background:var(--head);border-top:0;vertical-align:bottom}td.n,th.n{text-align:right}
        td.wrap{white-space:normal;min-width:14rem}
        tbody th{font-weight:600;position:sticky;left:0;background:var(--paper);max-width:46vw;white-space:normal}
        .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,27rem),1fr));gap:1rem;align-items:start}
        .figures.wide{grid-template-columns:1fr}
        figure{margin:0;min-width:0}.card{background:#fff;border:1px solid var(--line);border-radius:4px;padding:.25rem}
        .card svg,.card img{display:block;width:100%;height:auto}
        figcaption{padding:.3rem .2rem 0}
        .several{grid-column:1/-1}.card .title{color:#111;text-align:center;font-weight:600;margin:.3rem;max-width:none}
        .panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));justify-items:center}
        .panels>div{width:100%;max-width:30rem}.legend{max-width:30rem;margin:0 auto}
        pre{overflow-x:auto;background:var(--head);border:1px solid var(--line);border-radius:4px;padding:.7rem;font-size:.8125rem;
        line-height:1.4}
        @media (min-width:60rem){.figures.wide .card{max-width:62rem}}
        @media (max-width:30rem){.wide figure:not(.several) .card{overflow-x:auto}
        .wide figure:not(.several) :is(svg,img){min-width:38rem}
        .wide figure:not(.several) figcaption::before{content:"Swipe for all of it. "}}
        @media print{:root{--ink:#000;--soft:#333;--paper:#fff;--line:#bbb;--head:#eee;--link:#000;--warn:#fff}
        body{max-width:none;padding:0;font-size:9.5pt}nav{display:none}.scroll{overflow:visible;border:0}
        table{font-size:6.5pt;min-width:0}th,td{white-space:normal;padding:.15rem .25rem}tbody th{position:static;max-width:none}
        figure,tr{break-inside:avoid}h2,h3{break-after:avoid}.figures{grid-template-columns:1fr 1fr}
        .figures.wide{grid-template-columns:1fr}pre{white-space:pre-wrap}}
        """;

    private readonly StringBuilder _body = new();
    private readonly List<(string Id, string Title)> _sections = [];
    private readonly List<ReportFigure> _drawn = [];
    private int _figures;

    /// <summary>All figures of the page, also those that found no room.</summary>
    public IReadOnlyList<ReportFigure> Drawn => _drawn;

    /// <summary>Figures that found no room.</summary>
    public int LeftOut { get; private set; }

    public void Section(string id, string heading)
    {
        _sections.Add((id, heading));
        _body.Append(CultureInfo.InvariantCulture, $"<h2 id=\"{id}\">{Escape(heading)}</h2>\n");
    }

    public void Heading(string text) => _body.Append(CultureInfo.InvariantCulture, $"<h3>{Escape(text)}</h3>\n");

    public void Paragraph(string text, string? style = null) =>
        _body.Append(CultureInfo.InvariantCulture, $"<p{(style is null ? "" : $" class=\"{style}\"")}>{Escape(text)}</p>\n");

    public void Bullets(IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length > 0)
            _body.Append(CultureInfo.InvariantCulture, $"<ul>\n{string.Concat(all.Select(item => $"<li>{Escape(item)}</li>\n"))}</ul>\n");
    }

    /// <summary>Links to files beside the page.</summary>
    public void Files(IEnumerable<(string File, string Says)> files)
    {
        _body.Append("<ul>\n");
        foreach (var (file, says) in files)
            _body.Append(CultureInfo.InvariantCulture, $"<li><a href=\"{Escape(file)}\">{Escape(file)}</a>: {Escape(says)}</li>\n");
        _body.Append("</ul>\n");
    }

    /// <summary>Text as it is.</summary>
    public void Verbatim(string text) => _body.Append(CultureInfo.InvariantCulture, $"<pre>{Escape(text)}</pre>\n");

    /// <summary>A table that scrolls by itself; the first column names the row.</summary>
    public void Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, bool numbers = true)
    {
        var cell = numbers ? " class=\"n\"" : " class=\"wrap\"";
        _body.Append(CultureInfo.InvariantCulture,
            $"<p class=\"soft\">{Escape(caption)}</p>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
            + $"aria-label=\"{Escape(caption)}\"><table>\n<thead><tr>");
        for (var i = 0; i < columns.Count; i++)
            _body.Append(CultureInfo.InvariantCulture,
                $"<th scope=\"col\"{(i > 0 && numbers ? " class=\"n\"" : "")}>{Escape(columns[i])}</th>");
        _body.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Escape(row[0])}</th>");
            foreach (var text in row.Skip(1)) _body.Append(CultureInfo.InvariantCulture, $"<td{cell}>{Escape(text)}</td>");
            _body.Append("</tr>\n");
        }
        _body.Append("</tbody></table></div>\n");
    }

    /// <summary>Figures side by side where there is room; <paramref name="wide"/> ones below one another.</summary>
    public void Figures(IEnumerable<ReportFigure> figures, bool wide = false)
    {
        var before = LeftOut;
        _body.Append(CultureInfo.InvariantCulture, $"<div class=\"figures{(wide ? " wide" : "")}\">\n");
        foreach (var figure in figures) Add(figure);
        _body.Append("</div>\n");
        if (LeftOut > before)
            Paragraph($"Left out to keep the page small: {SweepSummary.Count(LeftOut - before, "more figure")} of this kind; "
                + "the files beside it have the numbers.", "soft");
    }

    public override string ToString() => $"""
        <!DOCTYPE html>
        <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>{Escape(title)}</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        <header>
        <h1>{Escape(title)}</h1>
        <nav aria-label="Sections"><ul>
        {string.Concat(_sections.Select(section => $"<li><a href=\"#{section.Id}\">{Escape(section.Title)}</a></li>\n"))}</ul></nav>
        </header>
        <main>
        {_body}</main>
        </body>
        </html>

        """.ReplaceLineEndings("\n");

    /// <summary>Text for HTML; what XML has no character for becomes one that says so.</summary>
    public static string Escape(string text) => string.Concat(text.Select(character => character switch
    {
        '<' => "&lt;",
        '>' => "&gt;",
        '&' => "&amp;",
        '"' => "&quot;",
        '\t' or '\n' or '\r' => character.ToString(),
        < ' ' or '\u007f' or '\ufffe' or '\uffff' => "\ufffd",
        _ => char.IsSurrogate(character) ? "\ufffd" : character.ToString(),
    }));

    private void Add(ReportFigure figure)
    {
        _drawn.Add(figure);
        var isWhole = figure.Pictures.Count == 1;
        var content = isWhole ? Markup(figure.Pictures[0], figure.Alt)
            : $"<p class=\"title\">{Escape(figure.Figure!.Title)}</p><div class=\"panels\">"
                + string.Concat(figure.Pictures.SkipLast(1).Select(panel => $"<div>{Markup(panel, $"{panel.Title}. {figure.Alt}")}</div>"))
                + $"</div><div class=\"legend\">{Markup(figure.Pictures[^1], $"Legend of the panels: {figure.Figure.Title}")}</div>";
        if (_body.Length + content.Length > Budget)
        {
            LeftOut++;
            return;
        }
        _body.Append(CultureInfo.InvariantCulture, $"<figure{(isWhole ? "" : " class=\"several\"")}><div class=\"card\">{content}</div>"
            + $"<figcaption>{Escape(figure.Caption)}</figcaption></figure>\n");
    }

    private string Markup(ReportPicture picture, string alt) => picture.Svg is { } svg ? Inline(svg, alt)
        : $"<img alt=\"{Escape(alt)}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture.Png!)}\"/>";

    /// <summary>
    /// An SVG element as part of the page: its ids must differ from those of the others,
    /// and readers of screens get the description instead of the letters.
    /// </summary>
    private string Inline(string svg, string alt)
    {
        var prefix = FormattableString.Invariant($"f{++_figures}-");
        svg = Identity().Replace(svg, match => $"{match.Groups[1].Value}{prefix}");
        return svg.Insert("<svg".Length, $" role=\"img\" aria-label=\"{Escape(alt)}\"");
    }

    [GeneratedRegex(@"(\bid=""|url\(#|href=""#)")]
    private static partial Regex Identity();
}
