using EiRnnFast.Tests.House;

namespace EiRnnFast.Tests.Files;

/// <summary>Small files of others beside these tests: written by h5py and NumPy, some of them damaged or hostile on purpose.</summary>
internal static class Cases
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests/EiRnnFast.Tests/Files/Cases");

    public static string PathOf(string name) => Path.Combine(Folder, name);
}
