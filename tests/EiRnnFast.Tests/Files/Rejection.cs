using EiRnnFast.Files;

namespace EiRnnFast.Tests.Files;

/// <summary>What every refusal of a file must look like.</summary>
internal static class Rejection
{
    public static string Of(string path, Action read)
    {
        var message = Assert.Throws<InvalidInputException>(read).Message;
        Assert.DoesNotContain(message, char.IsControl);
        Assert.StartsWith(InputFile.OneLine(path), message, StringComparison.Ordinal);
        Assert.Contains("found ", message, StringComparison.Ordinal);
        Assert.Contains("expected ", message, StringComparison.Ordinal);
        Assert.Contains("; ", message, StringComparison.Ordinal);
        return message;
    }
}
