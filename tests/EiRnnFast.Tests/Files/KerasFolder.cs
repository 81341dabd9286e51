using System.Text.Json;

namespace EiRnnFast.Tests.Files;

/// <summary>The folder of trained Keras networks: EIRNN_KERAS_DIR, else shared/keras beside the repository or further up.</summary>
internal static class KerasFolder
{
    public const string Variable = "EIRNN_KERAS_DIR";

    /// <summary>Whether the variable demands the tests.</summary>
    public static bool IsDemanded => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The HDF5 files by name, in order; none if there is no such folder.</summary>
    public static string[] Names => Find() is { } folder && Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*.hdf5").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Those that hold weights, by the facts beside them.</summary>
    public static string[] NamesWithWeights => [.. Names.Where(name =>
    {
        using var facts = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(PathOf(name), ".json")));
        return facts.RootElement.GetProperty("has_weights").GetBoolean();
    })];

    public static string PathOf(string name) => Path.Combine(Find()!, name);

    private static string? Find()
    {
        if (IsDemanded) return Environment.GetEnvironmentVariable(Variable);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "keras");
            if (Directory.Exists(candidate)) return candidate;
        }
        return null;
    }
}

/// <summary>A theory over the Keras files; skipped where they are not, unless the variable demands them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KerasTheoryAttribute : TheoryAttribute
{
    public KerasTheoryAttribute()
    {
        if (!KerasFolder.IsDemanded && KerasFolder.Names.Length == 0)
            Skip = $"the Keras files are not here; {KerasFolder.Variable} can name their folder";
    }
}
