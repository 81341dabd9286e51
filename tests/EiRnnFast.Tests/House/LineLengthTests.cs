namespace EiRnnFast.Tests.House;

/// <summary>Lines that fit a screen: 140 columns of C# and Python, 160 of documents.</summary>
public sealed class LineLengthTests
{
    [Fact]
    public void No_line_of_CSharp_is_longer_than_140_columns() =>
        AssertShort(new[] { "src", "tools", "bench", "tests", "samples" }.SelectMany(Repository.Sources), 140);

    [Fact]
    public void No_line_of_Python_is_longer_than_140_columns() =>
        AssertShort(Directory.EnumerateFiles(Path.Combine(Repository.Root, "python"), "*.py", SearchOption.AllDirectories), 140);

    [Fact]
    public void No_line_of_a_document_is_longer_than_160_columns() =>
        AssertShort([.. Directory.EnumerateFiles(Repository.Root, "*.md"),
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)], 160);

    /// <summary>Commands, in fences marked bash, are single lines however long: they are run as they stand.</summary>
    private static void AssertShort(IEnumerable<string> files, int most)
    {
        List<string> found = [];
        foreach (var file in files)
        {
            var isCommand = false;
            foreach (var (number, line) in File.ReadLines(file).Index())
            {
                if (line.StartsWith("```", StringComparison.Ordinal)) isCommand = line == "```bash";
                else if (!isCommand && line.Length > most) found.Add($"{Relative(file)}:{number + 1} has {line.Length} columns");
            }
        }
        Assert.True(found.Count == 0, $"lines: found these, expected at most {most} columns; fold them\n{string.Join('\n', found)}");
    }

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
}
