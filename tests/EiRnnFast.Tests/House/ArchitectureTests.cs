using System.Text.RegularExpressions;

namespace EiRnnFast.Tests.House;

/// <summary>The arrows between folders, read from the sources' using lines and from what they call.</summary>
public sealed class ArchitectureTests
{
    /// <summary>Which project refers to which: each to the next room down, and never up.</summary>
    private static readonly Dictionary<string, string[]> s_projects = new()
    {
        ["src/EiRnnFast"] = [],
        ["src/EiRnnFast.Files"] = ["EiRnnFast"],
        ["src/EiRnnFast.CAbi"] = ["EiRnnFast.Files"],
        ["src/EiRnnFast.Studies"] = ["EiRnnFast.Files"],
        ["src/EiRnnFast.Reports"] = ["EiRnnFast.Studies"],
        ["tools/eirnn"] = ["EiRnnFast.Reports"],
        ["tools/eirnn-sweeps"] = ["EiRnnFast.Studies"],
        ["bench/EiRnnFast.Benchmarks"] = ["EiRnnFast"],
        ["tests/EiRnnFast.Tests"] = ["EiRnnFast.Reports", "eirnn", "EiRnnFast.Benchmarks"],
        ["tests/arm64/Runner"] = ["EiRnnFast.Tests"],
        ["samples/console"] = [], // the samples take packages
        ["samples/service"] = [],
        ["samples/report"] = [],
    };

    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Numerics"] = [],
        ["Kernels"] = [],
        ["Native"] = [],
        ["Threads"] = [],
        ["Tasks"] = ["Numerics"],
        ["Model"] = ["Numerics", "Kernels", "Spectra", "Threads"], // an initialisation may ask for a spectral radius
        ["Training"] = ["Tasks", "Model", "Kernels", "Numerics", "Threads"],
        ["Spectra"] = ["Model", "Native", "Kernels", "Numerics", "Threads"],
        ["Dynamics"] = ["Tasks", "Model", "Kernels", "Spectra", "Numerics", "Threads"],
        ["Similarity"] = ["Dynamics", "Kernels", "Spectra", "Numerics", "Threads"],
        ["Settings"] = ["Tasks", "Model", "Training", "Numerics"],
    };

    [Fact]
    public void Engine_folders_use_only_what_they_may()
    {
        foreach (var file in Repository.Sources("src/EiRnnFast"))
        {
            var relative = Path.GetRelativePath(Path.Combine(Repository.Root, "src/EiRnnFast"), Path.GetDirectoryName(file)!);
            if (relative == ".") continue;
            string[] path = relative.Split('/', '\\');
            var folder = path[0]; // Kernels/Cells is of Kernels
            Assert.True(s_mayUse.ContainsKey(folder), $"folder {folder} has no rule");
            Assert.Contains($"namespace EiRnnFast.{string.Join('.', path)};", File.ReadAllText(file), StringComparison.Ordinal);
            foreach (Match use in Regex.Matches(File.ReadAllText(file), @"^using EiRnnFast\.(\w+)", RegexOptions.Multiline))
                Assert.True(use.Groups[1].Value == folder || s_mayUse[folder].Contains(use.Groups[1].Value),
                    $"{Path.GetFileName(file)} in {folder} uses {use.Groups[1].Value}");
        }
    }

    [Fact]
    public void Projects_refer_only_to_the_room_below()
    {
        var projects = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(file => !Regex.IsMatch(Path.GetRelativePath(Repository.Root, file), @"(^|[/\\])(bin|obj|artifacts|dist)[/\\]"));
        foreach (var project in projects)
        {
            var place = Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(project)!).Replace('\\', '/');
            Assert.True(s_projects.TryGetValue(place, out var allowed), $"{place} has no rule");
            var references = Regex.Matches(File.ReadAllText(project), @"<ProjectReference Include=""[^""]*?([\w.]+)\.csproj""");
            foreach (Match reference in references) Assert.Contains(reference.Groups[1].Value, allowed);
        }
    }

    [Fact]
    public void A_namespace_says_the_room_its_file_is_in()
    {
        foreach (var room in new[] { "Files", "Studies", "Reports" })
            foreach (var file in Repository.Sources($"src/EiRnnFast.{room}"))
                Assert.Matches($@"(?m)^namespace EiRnnFast\.{room}(\.\w+)?;", File.ReadAllText(file));
    }

    [Theory]
    [InlineData(@"System\.Runtime\.Intrinsics|\bVector512[.<]", "src/EiRnnFast/Kernels/ src/EiRnnFast/Numerics/")]
    [InlineData(@"DllImport|LibraryImport|NativeLibrary\.", "/Native/")]
    [InlineData(@"\bConsole\.|Environment\.Exit\b", "tools/")]
    [InlineData(@"\bnew Thread\b|\bParallel\.|\bTask\.Run\b|ThreadPool",
        "src/EiRnnFast.Studies/ src/EiRnnFast/Threads/")]
    [InlineData(@"using Microsoft\.Data\.Sqlite|using Parquet|using Tomlyn", "src/EiRnnFast.Studies/Sweeps/")]
    [InlineData(@"using ScottPlot|using SkiaSharp", "src/EiRnnFast.Reports/Figures/")]
    public void Each_outside_power_has_its_places(string pattern, string places)
    {
        foreach (var file in Repository.Sources("src").Concat(Repository.Sources("tools")))
        {
            var relative = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
            if (!places.Split(' ').Any(place => relative.StartsWith(place, StringComparison.Ordinal)
                || (place[0] == '/' && relative.Contains(place, StringComparison.Ordinal))))
            {
                var code = Regex.Replace(File.ReadAllText(file), @"//.*", "");
                Assert.False(Regex.IsMatch(code, pattern),
                    $"{relative} holds {Regex.Match(code, pattern).Value}, which belongs to {places}");
            }
        }
    }

    [Fact]
    public void The_other_rooms_and_the_program_see_only_the_public_surface() =>
        Assert.DoesNotMatch("InternalsVisibleTo Include=\"(EiRnnFast.(Files|Studies|Reports)|eirnn)\"",
            File.ReadAllText(Path.Combine(Repository.Root, "src/EiRnnFast/EiRnnFast.csproj")));

    [Fact]
    public void No_source_file_is_long_and_none_is_a_bucket()
    {
        foreach (var file in new[] { "src", "tools", "bench", "tests", "samples" }.SelectMany(Repository.Sources))
        {
            Assert.True(File.ReadLines(file).Count() <= 400, $"{file} is over 400 lines");
            Assert.DoesNotMatch("(Utils?|Helpers?|Common|Misc)\\.cs$", file);
        }
    }
}
