using System.Text;

namespace EiRnnFast.CAbi;

/// <summary>Reads and checks what a caller gives.</summary>
internal static unsafe class Given
{
    private const int LongestText = 1 << 20;

    /// <summary>A text of at most a megabyte.</summary>
    public static string Text(byte* text, string name) => TextOrNull(text, name)
        ?? throw InvalidInputException.Of(name, "NULL", "a text", "give a UTF-8 text that ends with a 0 byte");

    public static string? TextOrNull(byte* text, string name)
    {
        if (text is null) return null;
        var length = 0;
        while (length <= LongestText && text[length] != 0) length++;
        if (length > LongestText)
            throw InvalidInputException.Of(name, "a text without end", $"at most {LongestText} bytes and a 0 byte", "end it with a 0 byte");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text, length);
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException(
                InvalidInputException.Of(name, "bytes that are not UTF-8", "UTF-8", "encode the text as UTF-8").Message, e);
        }
    }

    /// <summary>A number from 1 that an array may have for a length.</summary>
    public static int Count(long count, string name, int least = 1) => count >= least && count <= int.MaxValue ? (int)count
        : throw InvalidInputException.Of(name, count, $"{least} to {int.MaxValue}", "correct the number");

    /// <summary>The length of an array of these sizes.</summary>
    public static int Length(string name, params ReadOnlySpan<long> sizes)
    {
        var length = 1L;
        foreach (var size in sizes)
        {
            length *= Count(size, $"sizes of {name}");
            if (length > Array.MaxLength)
                throw InvalidInputException.Of(name, "more values than an array holds", $"at most {Array.MaxLength}", "use smaller sizes");
        }
        return (int)length;
    }

    public static ReadOnlySpan<T> Values<T>(T* values, string name, params ReadOnlySpan<long> sizes) where T : unmanaged =>
        Room(values, name, sizes);

    /// <summary>Memory of the caller with room for these sizes.</summary>
    public static Span<T> Room<T>(T* values, string name, params ReadOnlySpan<long> sizes) where T : unmanaged
    {
        var length = Length(name, sizes);
        Require(values, name);
        return new Span<T>(values, length);
    }

    public static void Require(void* pointer, string name)
    {
        if (pointer is null)
            throw InvalidInputException.Of(name, "NULL", "the address of memory with room for it", "give one");
    }

    /// <summary>Copies into memory of the caller, or tells the length where none is given.</summary>
    /// <param name="values">What is told.</param>
    /// <param name="to">Memory of the caller; NULL to ask for the length.</param>
    /// <param name="capacity">How many it holds.</param>
    /// <param name="length">Gets how many there are.</param>
    /// <param name="name">For messages.</param>
    public static void Copy<T>(ReadOnlySpan<T> values, T* to, long capacity, long* length, string name) where T : unmanaged
    {
        Require(length, "length");
        *length = values.Length;
        if (to is null) return;
        if (capacity < values.Length)
            throw InvalidInputException.Of(name, $"room for {capacity}", $"room for {values.Length}",
                "ask for the length first, with NULL");
        values.CopyTo(new Span<T>(to, values.Length));
    }
}
