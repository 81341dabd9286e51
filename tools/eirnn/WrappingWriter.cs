using System.Text;

namespace EiRnnFast.CommandLine;

/// <summary>Standard output of a terminal: whole lines, broken between words at its width.</summary>
internal sealed class WrappingWriter(TextWriter terminal) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value)
    {
        if (value != '\n')
        {
            _line.Append(value);
            return;
        }
        terminal.WriteLine(Terminal.Wrap(_line.ToString().TrimEnd('\r'), Terminal.Width));
        _line.Clear();
    }

    public override void Flush()
    {
        terminal.Write(_line.ToString());
        _line.Clear();
        terminal.Flush();
    }
}
