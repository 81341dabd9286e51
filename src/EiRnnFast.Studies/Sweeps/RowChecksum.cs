using System.Buffers.Binary;
using System.Text;
using EiRnnFast.Studies.Files;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// The checksum of a row of a store: the first 16 bytes of the SHA-256 over name and value of every column that is not empty, in the order of
/// the names. Columns that a later version adds are empty in rows of this one, so the checksum stays right. Not safe to share between threads.
/// </summary>
internal sealed class RowChecksum
{
    private const int Size = 16;

    private readonly (int Index, byte[] Name)[] _columns;
    private byte[] _buffer = new byte[1 << 14];
    private int _length;

    /// <summary>For rows of these columns; the checksum's own is left out.</summary>
    public RowChecksum(IReadOnlyList<string> columns) =>
        _columns = [.. columns.Select((name, i) => (Index: i, Name: name)).Where(column => column.Name != StoreFile.Checksum)
            .OrderBy(column => column.Name, StringComparer.Ordinal).Select(column => (column.Index, Encoding.UTF8.GetBytes(column.Name)))];

    /// <summary>The checksum of values in the order of the columns: null, text, bool, whole number, double or byte[].</summary>
    public byte[] Of(IReadOnlyList<object?> values)
    {
        _length = 0;
        foreach (var (index, name) in _columns)
            switch (values[index])
            {
                case null or double.NaN: break; // SQLite keeps NaN as nothing
                case string text:
                    var bytes = Encoding.UTF8.GetByteCount(text);
                    Encoding.UTF8.GetBytes(text, Begin(name, 't', bytes));
                    break;
                case byte[] blob: blob.CopyTo(Begin(name, 'b', blob.Length)); break;
                case double number: BinaryPrimitives.WriteDoubleLittleEndian(Begin(name, 'r', sizeof(double)), number == 0 ? 0 : number); break; // and −0 as 0
                case bool flag: BinaryPrimitives.WriteInt64LittleEndian(Begin(name, 'i', sizeof(long)), flag ? 1 : 0); break;
                case var whole: BinaryPrimitives.WriteInt64LittleEndian(Begin(name, 'i', sizeof(long)), Convert.ToInt64(whole, null)); break;
            }
        return Sha256.Hash(_buffer.AsSpan(0, _length))[..Size];
    }

    /// <summary>Writes what stands before a value, and gives the room for the value.</summary>
    private Span<byte> Begin(byte[] name, char kind, int bytes)
    {
        var needed = _length + name.Length + 2 + sizeof(int) + bytes;
        if (needed > _buffer.Length) Array.Resize(ref _buffer, Math.Max(needed, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        name.CopyTo(_buffer, _length);
        _length += name.Length;
        _buffer[_length++] = 0;
        _buffer[_length++] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_length), bytes);
        _length += sizeof(int) + bytes;
        return _buffer.AsSpan(_length - bytes, bytes);
    }
}
