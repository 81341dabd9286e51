using System.Reflection;

namespace EiRnnFast.Tests.House;

/// <summary>The public surface of each package is a checked-in text: changing it is a decision that shows in a review.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string[] s_libraries = ["EiRnnFast", "EiRnnFast.Files", "EiRnnFast.Reports", "EiRnnFast.Studies"];

    public static TheoryData<string> Libraries => [.. s_libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void It_is_the_text_that_was_agreed(string library)
    {
        var actual = string.Join("\n", Lines(Assembly.Load(library))) + "\n";
        var file = Path.Combine(Repository.Root, $"tests/EiRnnFast.Tests/House/PublicSurface/{library}.txt");
        if (Environment.GetEnvironmentVariable("EIRNN_ACCEPT_SURFACE") == "1") File.WriteAllText(file, actual);
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual);
    }

    /// <summary>Another package needs a text of its own here; the program has its options.</summary>
    [Fact]
    public void These_libraries_and_the_program_are_the_only_packages() => Assert.Equal(
        s_libraries.Select(library => $"{library}.csproj").Append("eirnn.csproj").Order(StringComparer.Ordinal),
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
