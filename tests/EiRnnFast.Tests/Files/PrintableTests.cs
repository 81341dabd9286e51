using System.Reflection;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.Files;

/// <summary>Text of others in messages of this program.</summary>
public sealed class PrintableTests
{
    [Fact]
    public void A_long_message_keeps_what_was_found_and_its_remedy()
    {
        var line = Printable.Line($"units: found {new string('9', 100_000)}\n\u001b[2J, expected a number; write one");
        Assert.InRange(line.Length, 700, 801);
        Assert.StartsWith("units: found 999", line, StringComparison.Ordinal);
        Assert.EndsWith(" \uFFFD[2J, expected a number; write one", line, StringComparison.Ordinal);
        Assert.Equal("short", Printable.Line("short"));
    }

    [Fact]
    public void A_native_library_that_does_not_load_is_told_by_its_own_reason()
    {
        var deep = new TypeInitializationException("T", new TargetInvocationException(new DllNotFoundException("libx.so:\nno such file")));
        foreach (var thrown in new Exception[] { deep, new TargetInvocationException(deep) })
        {
            var message = Assert.Throws<InvalidInputException>(() => NativeLibraryCheck.Run("stores", () => throw thrown)).Message;
            Assert.Contains("stores: found a native library that does not load (libx.so: no such file)", message, StringComparison.Ordinal);
        }
    }
}
