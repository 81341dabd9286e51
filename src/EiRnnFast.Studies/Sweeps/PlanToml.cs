using System.Buffers;
using System.Text;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// The TOML of a plan as settings by name: task_options.gap = 40, task_options = { gap = 40 } and [task_options] are the same. A value is a
/// text, long, double, bool, a list of these (object[]), or a <see cref="Unusable"/> one.
/// </summary>
internal sealed class PlanToml
{
    /// <summary>Most characters of a plan: a parser may take seconds for as many that are no TOML.</summary>
    public const int MostCharacters = 1 << 20;

    /// <summary>The table of what networks are tested on beyond their training.</summary>
    public const string Generalise = "generalise";

    /// <summary>Settings that are tables, the options of a task and areas, by the names of now and of version 0.1.0.</summary>
    private static readonly string[] s_options = [.. SettingTable.All.Where(setting => setting.Kind == SettingKind.Options)
        .SelectMany(setting => setting.OldNames.Prepend(setting.Name))];

    private readonly string? _folder;
    private readonly List<(int Offset, int Length, string Text)> _changes = [];

    private PlanToml(string? folder) => _folder = folder;

    /// <summary>A value that no setting can have, in words.</summary>
    public sealed record Unusable(string What);

    /// <summary>The plan as it was written, but for the full paths of its task files.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The lines before all blocks, and those of [task_options].</summary>
    public Dictionary<string, object> Top { get; } = [];

    /// <summary>The blocks [[include]] and [[exclude]] in their order.</summary>
    public List<(string Key, Dictionary<string, object> Lines)> Blocks { get; } = [];

    /// <summary>Reads a plan.</summary>
    /// <param name="text">TOML.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="folder">Where task files lie that are not named by a full path; null to leave their names as they are.</param>
    /// <param name="blocks">The names that blocks may have.</param>
    /// <exception cref="InvalidInputException">No TOML, too long, or a table that is no block.</exception>
    public static PlanToml Read(string text, string name, string? folder, string[] blocks)
    {
        if (text.StartsWith('\uFEFF')) text = text[1..];
        RequireReadable(text, name);
        var plan = new PlanToml(folder);
        var document = Parsed(text, name);
        plan.Add(plan.Top, "", document.KeyValues, name);
        foreach (var table in document.Tables)
        {
            string[] key = [.. Names(table.Name!)];
            if (table is TableArraySyntax && key is [var block] && blocks.Contains(block))
            {
                plan.Blocks.Add((block, []));
                plan.Add(plan.Blocks[^1].Lines, "", table.Items, name);
            }
            else if (table is TableSyntax && key is [var options] && (s_options.Contains(options) || options == Generalise))
            {
                plan.Add(plan.Top, options + ".", table.Items, name);
            }
            else if (table is TableSyntax && key is [var of, var inner] && s_options.Contains(inner)
                && plan.Blocks.FindLast(entry => entry.Key == of).Lines is { } last)
            {
                plan.Add(last, inner + ".", table.Items, name);
            }
            else
            {
                var known = string.Concat(blocks.Select(entry => $"[[{entry}]], "));
                throw InvalidInputException.Of(name, $"a table named '{SettingText.Cut(string.Join('.', key))}'",
                    $"{known}[{SettingTable.TaskOptions}], [{SettingTable.Areas}], [{Generalise}] only",
                    "correct the name and its brackets");
            }
        }
        plan.Text = plan.Changed(text);
        return plan;
    }

    /// <summary>The text of a plan file, UTF-8 with or without a byte order mark.</summary>
    /// <exception cref="InvalidInputException">No such file, too long, or not UTF-8; the message names the line.</exception>
    public static string TextOf(string path) => InputFile.Read(path, "a plan in TOML", stream =>
    {
        if (stream.Length > 4L * MostCharacters) throw TooLong(InputFile.OneLine(path), $"{stream.Length} bytes");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            var line = 1 + bytes.AsSpan(0, Readable(bytes)).Count((byte)'\n');
            throw InputFile.Unusable(path, $"text that is not UTF-8, in line {line}", "a plan in TOML", "save it as UTF-8", e);
        }
    });

    /// <summary>How many bytes at the start are UTF-8.</summary>
    private static int Readable(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done) at += length;
        return at;
    }

    private static InvalidInputException TooLong(string name, string found) =>
        InvalidInputException.Of(name, found, $"at most {MostCharacters} characters", "split the plan into several");

    private static void RequireReadable(string text, string name)
    {
        if (text.Length > MostCharacters) throw TooLong(name, $"{text.Length} characters");
        var at = text.AsSpan().IndexOfAnyInRange('\0', '\b');
        if (at < 0) return;
        var line = 1 + text.AsSpan(0, at).Count('\n');
        throw InvalidInputException.Of(name, $"a control character (U+{(int)text[at]:X4}) in line {line}", "a plan in TOML",
            "write the file again");
    }

    private static DocumentSyntax Parsed(string text, string name)
    {
        try
        {
            TomlSerializer.Deserialize<TomlTable>(text); // ends at the first error, where the other reader collects them all
            return SyntaxParser.ParseStrict(text, "");
        }
        catch (TomlException e)
        {
            var first = InputFile.OneLine(e.Message.Split('\n')[0]).Replace(" : error : ", " ", StringComparison.Ordinal).TrimEnd('.', ' ');
            if (first.Contains("MaxDepth", StringComparison.Ordinal)) first = "lists or tables in one another without end";
            throw Refused(SettingText.Cut(first, 300), "correct the place that (line,column) names", e);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or InvalidOperationException or FormatException)
        {
            // Tomlyn 2.10 on a file that ends in a backslash.
            throw Refused("an escape or a text that does not end", "close every text with a quote", e);
        }

        InvalidInputException Refused(string found, string remedy, Exception e) =>
            new(InvalidInputException.Of(name, found, "a plan in TOML", remedy).Message, e);
    }

    private void Add(Dictionary<string, object> lines, string prefix, IEnumerable<KeyValueSyntax> items, string name)
    {
        foreach (var item in items)
        {
            var key = prefix + string.Join('.', Names(item.Key!));
            if (item.Value is InlineTableSyntax table && (table.Items.ChildrenCount > 0 || s_options.Contains(key)))
                Add(lines, key + ".", table.Items.Select(entry => entry.KeyValue!), name);
            else if (!lines.TryAdd(key, ValueOf(item.Value, key)))
                throw InvalidInputException.Of(name, $"the key '{SettingText.Cut(key)}' twice", "every key once", "take one out");
        }
    }

    private static IEnumerable<string> Names(KeySyntax key) => key.DotKeys.Select(dotted => dotted.Key).Prepend(key.Key)
        .Select(part => part is StringValueSyntax quoted ? quoted.Value ?? "" : part!.ToString().Trim());

    private object ValueOf(SyntaxNode? value, string key) => value switch
    {
        StringValueSyntax text when SettingTable.Find(key)?.Kind == SettingKind.File => FullPath(text),
        StringValueSyntax text => text.Value ?? "",
        IntegerValueSyntax whole => whole.Value,
        FloatValueSyntax number => number.Value,
        BooleanValueSyntax flag => flag.Value,
        ArraySyntax list when SettingTable.Find(key)?.Kind == SettingKind.Texts && list.Items.All(item => item.Value is StringValueSyntax)
            => SettingText.Of(list.Items.Select(item => ((StringValueSyntax)item.Value!).Value ?? "").ToArray()),
        ArraySyntax list => list.Items.Select(item => item.Value is ArraySyntax && SettingTable.Find(key)?.Kind != SettingKind.Texts
            ? new Unusable("a list") : ValueOf(item.Value, key)).ToArray(),
        InlineTableSyntax => new Unusable("a table"),
        DateTimeValueSyntax => new Unusable("a date or time"),
        _ => new Unusable("something else"),
    };

    private string FullPath(StringValueSyntax file)
    {
        var path = file.Value ?? "";
        if (_folder is null || path.Contains('\0') || Path.IsPathFullyQualified(path)) return path;
        var full = Path.GetFullPath(path, _folder);
        _changes.Add((file.Span.Start.Offset, file.Span.End.Offset + 1 - file.Span.Start.Offset, Quoted(full)));
        return full;
    }

    /// <summary>The text with each change in its place; they are in order.</summary>
    private string Changed(string text)
    {
        var (changed, at) = (new StringBuilder(text.Length), 0);
        foreach (var (offset, length, replacement) in _changes)
        {
            changed.Append(text, at, offset - at).Append(replacement);
            at = offset + length;
        }
        return changed.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>A basic string of TOML.</summary>
    private static string Quoted(string text) => $"\"{string.Concat(text.Select(character => character switch
    {
        '\\' or '"' => "\\" + character,
        < ' ' or '\x7f' => $"\\u{(int)character:X4}",
        _ => character.ToString(),
    }))}\"";
}
