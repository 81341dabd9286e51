using System.Buffers.Binary;
using System.Text;
using EiRnnFast.Files;
using SQLitePCL;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>
/// The checksum of a row of a store: CRC-32 (that of zlib, IEEE 802.3) over every column that is not empty, in the order of the names. A
/// column gives the CRC-32 of its name, its kind as one letter, the length of a text (t) or blob (b), and its value, little-endian; a
/// whole number (i) has 8 bytes, as a double (r) has. A column that a later version adds is empty in rows of this one, so the checksum
/// stays right.
/// Not safe to share between threads.
/// </summary>
internal sealed class RowChecksum
{
    private readonly (int Index, uint Name)[] _columns;
    private byte[] _buffer = new byte[1 << 12];
    private int _length;

    /// <summary>For rows of these columns; the checksum's own is left out.</summary>
    public RowChecksum(IReadOnlyList<string> columns) =>
        _columns = [.. columns.Select((name, i) => (Index: i, Name: name)).Where(column => column.Name != StoreFile.Checksum)
            .OrderBy(column => column.Name, StringComparer.Ordinal).Select(column => (column.Index,
                Crc32.Of(Encoding.UTF8.GetBytes(column.Name))))];

    /// <summary>The checksum of values in the order of the columns: null, text, bool, whole number, double or byte[].</summary>
    public long Of(IReadOnlyList<object?> values)
    {
        _length = 0;
        foreach (var (index, name) in _columns)
            switch (values[index])
            {
                case null or double.NaN: break; // SQLite keeps NaN as nothing
                case string text: Put(name, 't', Encoding.UTF8.GetBytes(text)); break;
                case byte[] blob: Put(name, 'b', blob); break;
                case double number: Put(name, number == 0 ? 0 : number); break; // and −0 as 0
                case bool flag: Put(name, 'i', flag ? 1 : 0); break;
                case var whole: Put(name, 'i', Convert.ToInt64(whole, null)); break;
            }
        return Crc32.Of(_buffer.AsSpan(0, _length));
    }

    /// <summary>The checksum of the row that a statement stands at; its columns are those of this object.</summary>
    public long Of(sqlite3_stmt row)
    {
        _length = 0;
        foreach (var (index, name) in _columns)
            switch (raw.sqlite3_column_type(row, index))
            {
                case raw.SQLITE_TEXT: Put(name, 't', raw.sqlite3_column_blob(row, index)); break;
                case raw.SQLITE_BLOB: Put(name, 'b', raw.sqlite3_column_blob(row, index)); break;
                case raw.SQLITE_FLOAT: Put(name, raw.sqlite3_column_double(row, index)); break;
                case raw.SQLITE_INTEGER: Put(name, 'i', raw.sqlite3_column_int64(row, index)); break;
            }
        return Crc32.Of(_buffer.AsSpan(0, _length));
    }

    private void Put(uint name, double number) => Put(name, 'r', BitConverter.DoubleToInt64Bits(number));

    private void Put(uint name, char kind, long bits) => BinaryPrimitives.WriteInt64LittleEndian(Begin(name, kind, sizeof(long)), bits);

    private void Put(uint name, char kind, ReadOnlySpan<byte> bytes)
    {
        var room = Begin(name, kind, sizeof(int) + bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(room, bytes.Length);
        bytes.CopyTo(room[sizeof(int)..]);
    }

    /// <summary>Writes name and kind, and gives the room for so many bytes behind them.</summary>
    private Span<byte> Begin(uint name, char kind, int bytes)
    {
        const int head = sizeof(uint) + 1;
        if (_length + head + bytes is var needed && needed > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(needed, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length), name);
        _buffer[_length + head - 1] = (byte)kind;
        _length = needed;
        return _buffer.AsSpan(needed - bytes, bytes);
    }
}
