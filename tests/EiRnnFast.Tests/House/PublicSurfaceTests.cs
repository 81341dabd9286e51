using System.Reflection;
using EiRnnFast.Model;

namespace EiRnnFast.Tests.House;

/// <summary>The public surface of the engine is a checked-in text: changing it is a decision that shows in a review.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void It_is_the_text_that_was_agreed()
    {
        var actual = string.Join("\n", Lines(typeof(EiRnn).Assembly)) + "\n";
        var file = Path.Combine(Repository.Root, "tests/EiRnnFast.Tests/House/PublicSurface.txt");
        if (Environment.GetEnvironmentVariable("EIRNN_ACCEPT_SURFACE") == "1") File.WriteAllText(file, actual);
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual);
    }

    /// <summary>A second package needs a text of its own here.</summary>
    [Fact]
    public void The_engine_and_the_program_are_the_only_packages() => Assert.Equal(["EiRnnFast.csproj", "eirnn.csproj"],
        Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("<IsPackable>true", StringComparison.Ordinal)).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));

    private static IEnumerable<string> Lines(Assembly assembly)
    {
        const BindingFlags own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{(type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class")} "
                + $"{type.FullName}";
            var members = type.GetMembers(own)
                .Where(member => member is not MethodBase { IsSpecialName: true } or ConstructorInfo)
                .Where(member => !member.Name.Contains('<', StringComparison.Ordinal)
                    && member.Name is not ("Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "value__"))
                .Select(member => $"  {member}").Order(StringComparer.Ordinal).Distinct();
            foreach (var member in members) yield return member;
        }
    }
}
