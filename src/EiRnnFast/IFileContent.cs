namespace EiRnnFast;

/// <summary>A value that a file may hold.</summary>
public interface IFileContent
{
    /// <summary>The file as it was named; null for what comes from no file.</summary>
    string? SourceFile => null;

    /// <summary>SHA-256 of the file, hexadecimal: equal contents are equal values, wherever the files lie; null for what comes from no
    /// file.</summary>
    string? Sha256 => null;
}
