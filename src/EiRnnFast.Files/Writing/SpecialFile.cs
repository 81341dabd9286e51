using System.Text.RegularExpressions;
using EiRnnFast.Files.Native;

namespace EiRnnFast.Files;

/// <summary>A target that takes bytes and must not be replaced: a device, a FIFO, or an open descriptor of this process such as
/// /dev/stdout.</summary>
internal sealed partial class SpecialFile
{
    private readonly string _path;
    private readonly int? _descriptor;

    private SpecialFile(string path, int? descriptor) => (_path, _descriptor) = (path, descriptor);

    /// <summary>The special file that a full path names, also through links; null for a regular file, a folder or nothing.</summary>
    public static SpecialFile? At(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        const int mostLinks = 40; // as Linux has it
        var (name, links) = (path, 0);
        for (; links < mostLinks; links++)
        {
            if (Descriptor().Match(name.Replace($"/proc/{Environment.ProcessId}/", "/proc/self/",
                StringComparison.Ordinal)) is { Success: true } match)
                return new SpecialFile(path, int.Parse(match.Groups[1].ValueSpan, null));
            if (new FileInfo(name).LinkTarget is not { } target) break;
            name = Path.GetFullPath(target, Path.GetDirectoryName(name)!);
        }
        return SystemCalls.IsSpecial(path) ? new SpecialFile(path, null) : null;
    }

    /// <summary>Makes the content in memory, for a writer may seek, then hands it over.</summary>
    /// <exception cref="IOException">It is not taken, or is 2 GiB or more.</exception>
    public void Write(Action<Stream> write)
    {
        using var content = new MemoryStream();
        write(content);
        content.Position = 0;
        using Stream target = _descriptor is { } number ? new DescriptorStream(number) : new FileStream(_path, FileMode.Open,
            FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        content.CopyTo(target);
        target.Flush();
    }

    [GeneratedRegex(@"^/(?:proc/(?:self|thread-self)|dev)/fd/(\d{1,9})$")]
    private static partial Regex Descriptor();
}
