namespace EiRnnFast.Files;

/// <summary>One NumPy array: single, double, 32-bit or 8-bit integer numbers or texts in row-major order, or one text.</summary>
public sealed class NpyArray
{
    private readonly object _values;

    private NpyArray(object values, int[] shape) => (_values, Shape) = (values, shape);

    /// <summary>The first six bytes of every .npy file.</summary>
    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Length along each axis; empty for a scalar or a text.</summary>
    public int[] Shape { get; }

    /// <summary>The values, row-major, if they are stored in single precision; otherwise null.</summary>
    public float[]? Floats => _values as float[];

    /// <summary>The text; null for numbers and for an array of texts.</summary>
    public string? Text => _values as string;

    /// <summary>The texts of an array of texts, row-major; otherwise null.</summary>
    public IReadOnlyList<string>? Texts => _values as string[];

    /// <summary>Whether it holds numbers, not text.</summary>
    public bool IsNumeric => _values is not (string or string[]);

    internal object Values => _values;

    /// <summary>An array of single-precision numbers, not copied.</summary>
    /// <param name="values">Row-major values.</param>
    /// <param name="shape">Length along each axis.</param>
    /// <exception cref="InvalidInputException">The shape does not hold as many values.</exception>
    public static NpyArray Of(float[] values, params int[] shape) => Checked(values, shape);

    /// <summary>An array of double-precision numbers, not copied.</summary>
    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NpyArray Of(double[] values, params int[] shape) => Checked(values, shape);

    /// <summary>An array of 32-bit integers, not copied.</summary>
    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NpyArray Of(int[] values, params int[] shape) => Checked(values, shape);

    /// <summary>An array of 8-bit integers with a sign, not copied.</summary>
    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NpyArray Of(sbyte[] values, params int[] shape) => Checked(values, shape);

    /// <summary>An array of texts, not copied; NumPy drops NUL characters from the end of each.</summary>
    /// <inheritdoc cref="Of(float[], int[])"/>
    public static NpyArray Of(string[] values, params int[] shape) => Checked(values, shape);

    /// <summary>A text, as an array without axes.</summary>
    /// <param name="text">The text; NumPy drops NUL characters from its end.</param>
    public static NpyArray Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new NpyArray(text, []);
    }

    /// <summary>
    /// Reads a .npy file of versions 1 to 3 with floating-point numbers, integers or booleans (kept as double), or texts: Unicode (U), or
    /// bytes (S) that are UTF-8.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">No such file, not a .npy file, damaged, or of another element type.</exception>
    public static NpyArray Read(string path) =>
        InputFile.Read(path, "a .npy file", stream => NpyReader.Read(stream, stream.Length, path));

    /// <summary>Writes a .npy file, whole or not at all.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <exception cref="InvalidInputException">The file cannot be written there.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => NpyWriter.Write(stream, this));

    /// <summary>The values in double precision, row-major.</summary>
    /// <exception cref="InvalidInputException">The array holds text.</exception>
    public double[] ToDoubles() => _values switch
    {
        double[] values => [.. values],
        float[] values => Array.ConvertAll(values, value => (double)value),
        int[] values => Array.ConvertAll(values, value => (double)value),
        sbyte[] values => Array.ConvertAll(values, value => (double)value),
        _ => throw NotNumbers(),
    };

    /// <summary>The values in single precision, row-major; doubles are rounded and overflow to infinity.</summary>
    /// <exception cref="InvalidInputException">The array holds text.</exception>
    public float[] ToFloats() => _values switch
    {
        double[] values => Array.ConvertAll(values, value => (float)value),
        float[] values => [.. values],
        int[] values => Array.ConvertAll(values, value => (float)value),
        sbyte[] values => Array.ConvertAll(values, value => (float)value),
        _ => throw NotNumbers(),
    };

    /// <summary>The shape for a message, such as "2×100", or "scalar".</summary>
    internal string ShapeText => _values switch
    {
        string => "text",
        string[] => $"{string.Join("×", Shape)} of texts",
        _ => Shape.Length == 0 ? "scalar" : string.Join("×", Shape),
    };

    private static NpyArray Checked(Array values, int[] shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        var array = new NpyArray(values, [.. shape]);
        var count = shape.Aggregate((Int128)1, (product, length) => length < 0 ? -1 : product * length);
        if (count != values.Length)
            throw InvalidInputException.Of("array shape", array.ShapeText, $"room for {values.Length} values", "check the shape");
        return array;
    }

    private static InvalidInputException NotNumbers() =>
        InvalidInputException.Of("array", "text", "numbers", "choose another array");
}
