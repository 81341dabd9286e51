using System.Text;
using System.Text.Json;
using EiRnnFast.Files.Native;
using EiRnnFast.Studies.Runs;

namespace EiRnnFast.CommandLine;

/// <summary>Standard output and error, which may be closed, full, or gone: none of this may cost a result.</summary>
internal static class StandardStreams
{
    private static bool s_isOutputClosed;

    /// <summary>
    /// Makes both safe to use. Errors go straight to their descriptor: no file has to be opened to tell that none can be.
    /// </summary>
    public static void Prepare()
    {
        if (!Console.IsOutputRedirected) Console.SetOut(new WrappingWriter(Console.Out));
        if (OperatingSystem.IsWindows()) return;
        bool[] inherited = [DescriptorStream.IsInherited(0), DescriptorStream.IsInherited(1), DescriptorStream.IsInherited(2)];
        // every write fails, and is told
        s_isOutputClosed = !inherited[1];
        if (s_isOutputClosed) Console.SetOut(new StreamWriter(OpenOutput()) { AutoFlush = true });
        Console.SetError(inherited[2] ? new StreamWriter(new DescriptorStream(2), new UTF8Encoding(false)) { AutoFlush = true }
            : TextWriter.Null);
    }

    /// <summary>Standard output as bytes.</summary>
    public static Stream OpenOutput() => s_isOutputClosed ? new DescriptorStream(-1) : Console.OpenStandardOutput();

    /// <summary>Writes to standard error, if anybody is there to read it.</summary>
    public static void Tell(string text)
    {
        try
        {
            Console.Error.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody is listening: the exit code has to do.
        }
    }

    /// <summary>Writes a line to standard error, if anybody is there to read it.</summary>
    public static void TellLine(string line) =>
        Tell((Console.IsErrorRedirected ? line : Terminal.Wrap(line, Terminal.Width)) + Environment.NewLine);

    /// <summary>Prints one JSON object, written as all JSON of this program is.</summary>
    public static void PrintJson<T>(T value)
    {
        using var output = OpenOutput(); // a terminal's lines are wrapped, and JSON must not be
        output.Write([.. JsonSerializer.SerializeToUtf8Bytes(value, TrainingSummary.Json), (byte)'\n']);
    }

    /// <summary>The same, piece by piece: for what may be too long for one text.</summary>
    public static void StreamJson<T>(T value)
    {
        using var output = OpenOutput();
        JsonSerializer.Serialize(output, value, TrainingSummary.Json);
        output.Write("\n"u8);
    }

    /// <summary>Prints for a person what files hold already: a closed or full standard output is told, and is no failure.</summary>
    public static void Print(Action print)
    {
        try
        {
            print();
        }
        catch (Exception e) when (e is (IOException and not (FileNotFoundException or FileLoadException)) or UnauthorizedAccessException)
        {
            TellLine($"eirnn: standard output: found a write that failed ({e.Message.TrimEnd('.')}), "
                + "expected an open one with room; the results are in their files");
        }
    }
}
