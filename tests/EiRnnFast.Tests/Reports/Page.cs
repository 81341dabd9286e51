using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace EiRnnFast.Tests.Reports;

/// <summary>A page as an XML reader sees it, with the rules that every report keeps.</summary>
internal sealed class Page
{
    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml", Svg = "http://www.w3.org/2000/svg";

    private readonly XElement _root;

    public Page(string path)
    {
        Length = new FileInfo(path).Length;
        using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        _root = XDocument.Load(reader).Root!;
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(Html + "html", _root.Name);
        Assert.Equal("en", _root.Attribute("lang")!.Value);
        Assert.NotEmpty(Elements("title").Single().Value);
        Assert.Contains(Elements("meta"), meta => meta.Attribute("name")?.Value == "viewport");
        Assert.Contains(Elements("meta"), meta => meta.Attribute("charset")?.Value == "utf-8");
        foreach (var forbidden in (ReadOnlySpan<string>)["script", "link", "iframe", "object", "embed", "base", "form"])
            Assert.Empty(Elements(forbidden));
        foreach (var element in _root.Descendants())
            foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
            {
                Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal), $"{element.Name}: {attribute}");
                if (attribute.Name.LocalName is "src" or "href")
                    Assert.Matches("^(#|data:image/png;base64,|[a-z]+\\.(csv|json)$|\\.\\./([a-z]+/)?[a-z]+\\.(csv|json|npz)$)",
                        attribute.Value[..Math.Min(60, attribute.Value.Length)]);
                else Assert.DoesNotContain("http", attribute.Value, StringComparison.Ordinal);
            }
        var style = Elements("style").Single().Value;
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
        foreach (var query in (ReadOnlySpan<string>)["prefers-color-scheme", "@media print", "max-width"])
            Assert.Contains(query, style, StringComparison.Ordinal);
        Assert.All(Elements("img"), image => Assert.NotEmpty(image.Attribute("alt")!.Value));
        Assert.All(Elements("figure"), figure => Assert.NotEmpty(figure.Element(Html + "figcaption")!.Value));
        Assert.All(_root.Descendants(Svg + "svg"),
            svg => Assert.True(svg.Attribute("role")?.Value == "img" && svg.Attribute("aria-label")!.Value.Length > 20));
        string[] ids = [.. _root.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (var reference in _root.Descendants().Attributes()
            .Where(attribute => attribute.Value.StartsWith("url(#", StringComparison.Ordinal))) Assert.Contains(reference.Value[5..^1],
            ids);
        Assert.All(Elements("a").Select(link => link.Attribute("href")!.Value).Where(target => target[0] == '#'),
            target => Assert.Contains(target[1..], ids));
        Assert.All(Elements("a").Select(link => link.Attribute("href")!.Value).Where(target => target[0] != '#'),
            target => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)), target));
    }

    public long Length { get; }

    /// <summary>All text outside pictures and style.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            foreach (var node in _root.DescendantNodes().OfType<XText>()
                .Where(node => !node.Ancestors()
                .Any(owner => owner.Name.Namespace == Svg || owner.Name.LocalName is "style" or "pre"))) text.Append(node.Value)
                .Append(' ');
            return text.ToString();
        }
    }

    public IEnumerable<XElement> Elements(string name) => _root.Descendants(Html + name);

    public int Figures => Elements("figure").Count();

    public string[] Rows(int table) =>
        [.. Elements("tbody").ElementAt(table).Elements().Select(row => string.Join(" | ", row.Elements().Select(cell => cell.Value)))];
}
