using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;

namespace EiRnnFast.Tests.Spectra;

/// <summary>MKL's runtime comes with the program under -p:UseMkl=true and only then.</summary>
public sealed class UseMklTests
{
    private static readonly string[] Runtimes = ["MKL.NET.linux-x64", "MKL.NET.win-x64"];

    [Fact]
    public void The_program_references_MKL_only_when_asked()
    {
        Assert.Empty(References().Intersect(Runtimes));
        Assert.Equal(Runtimes, References("-p:UseMkl=true").Intersect(Runtimes).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_versions_of_MKL_are_pinned()
    {
        var pinned = XDocument.Load(Path.Combine(Repository(), "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        // The newest that its packages have, which are not of one version; win-x64 was never packed as 2022.0.1.117.
        Assert.Equal("2022.0.1.117", pinned["MKL.NET.linux-x64"]);
        Assert.Equal("2022.0.0.115", pinned["MKL.NET.win-x64"]);
    }

    [Fact]
    public void No_project_restores_MKL_by_default()
    {
        string[] projects = ["src/EiRnnFast", "src/EiRnnFast.Studies", "tools/eirnn", "tests/EiRnnFast.Tests"];
        foreach (var project in projects)
        {
            using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository(), project, "obj", "project.assets.json")));
            // The central versions are listed there as well, used or not.
            Assert.DoesNotContain(assets.RootElement.GetProperty("libraries").EnumerateObject(),
                library => library.Name.StartsWith("MKL.NET", StringComparison.OrdinalIgnoreCase)
                    || library.Name.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase));
        }
    }

    private static string[] References(params string[] properties)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["msbuild", "tools/eirnn/eirnn.csproj", "-getItem:PackageReference", "-nodeReuse:false", .. properties])
        {
            WorkingDirectory = Repository(), RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // The test host inherits settings of the MSBuild that started it.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.Result);
        using var items = JsonDocument.Parse(output);
        return [.. items.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)];
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EiRnnFast.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("EiRnnFast.sln is in no folder above the tests");
        return folder.FullName;
    }
}
