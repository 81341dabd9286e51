namespace EiRnnFast.Tests.Files;

/// <summary>A folder of its own for one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("eirnn-test-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string[] Entries => [.. Directory.GetFileSystemEntries(_path).Select(entry => Path.GetFileName(entry)!)
        .Order(StringComparer.Ordinal)];

    public string WriteBytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
