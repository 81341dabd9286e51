using EiRnnFast.Tasks;

namespace EiRnnFast.Files;

/// <summary>
/// A task whose trials are the arrays of a .npz file: <c>x</c> [n×T×I], <c>y</c> [n×T×O] and, optionally, <c>mask</c>, the weights of the
/// targets, [n×T] or [n×T×O]. Any number type, C or Fortran order; rounded to single precision once.
/// </summary>
public sealed class FileTask : ArrayTask, ITask
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<(string Path, long Length, DateTime Written), WeakReference<FileTask>> s_known = [];

    private FileTask(string path, string sha256, TrialBatch trials) : base(System.IO.Path.GetFileNameWithoutExtension(path), trials) =>
        (Path, Sha256) = (path, sha256);

    /// <summary>The file as it was named.</summary>
    public string Path { get; }

    string? IFileContent.SourceFile => Path;

    /// <summary>SHA-256 of the file, hexadecimal: what makes two files the same task, wherever they lie.</summary>
    public string Sha256 { get; }

    /// <summary>Reads the file; one that is still in use and unchanged is not read again.</summary>
    /// <exception cref="InvalidInputException">No such file, no .npz file, or arrays that make no trials;
    /// the message says which and why.</exception>
    public static FileTask Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = new FileInfo(path);
        if (!file.Exists) return Load(path);
        var key = (file.FullName, file.Length, file.LastWriteTimeUtc);
        lock (s_lock)
        {
            if (s_known.TryGetValue(key, out var known) && known.TryGetTarget(out var task)) return task;
            s_known[key] = new WeakReference<FileTask>(task = Load(path));
            return task;
        }
    }

    private static FileTask Load(string path)
    {
        var arrays = NpzFile.Read(path, ["x", "y", "mask"]);
        NpyArray x = Array(path, arrays, "x", "[n×T×I]"), y = Array(path, arrays, "y", "[n×T×O]");
        var (n, steps, outputs) = (x.Shape[0], x.Shape[1], y.Shape[2]);
        if (x.Shape.Concat(y.Shape).Any(length => length == 0))
            throw Unusable(path, $"x of shape {x.ShapeText} and y of shape {y.ShapeText}",
                "at least one trial, timestep, input and output");
        if (y.Shape[0] != n || y.Shape[1] != steps)
            throw Unusable(path, $"x of shape {x.ShapeText} and y of shape {y.ShapeText}",
                "as many trials and timesteps in y [n×T×O] as in x [n×T×I]");
        float[]? weights = null;
        if (arrays.TryGetValue("mask", out var mask))
        {
            if (!mask.Shape.SequenceEqual([n, steps]) && !mask.Shape.SequenceEqual([n, steps, outputs]))
                throw Unusable(path, $"a mask of shape {mask.ShapeText}", $"{n}×{steps} or {n}×{steps}×{outputs}, as y has");
            weights = Floats(path, "mask", mask);
            if (mask.Shape.Length == 2 && outputs > 1) weights = [.. weights.SelectMany(weight => Enumerable.Repeat(weight, outputs))];
            if (weights.AsSpan().ContainsAnyExceptInRange(0, float.MaxValue))
                throw Unusable(path, $"a mask with the weight {weights.Min()}", "weights of 0 and above");
            if (!weights.AsSpan().ContainsAnyExcept(0f))
                throw Unusable(path, "a mask of zeros only", "at least one target that weighs something");
            if (weights.Any(weight => weight is > 0 and < 1e-12f or > 1e12f))
                throw Unusable(path, "a mask with weights beyond 1e-12 … 1e12", "weights of 0, or in that range");
            if (!weights.AsSpan().ContainsAnyExcept(1f)) weights = null; // the same task as without one
        }
        return new FileTask(path, InputFile.Sha256Of(path, "a .npz file"), new TrialBatch
        {
            Count = n, Steps = steps, Inputs = x.Shape[2], Outputs = outputs, X = Floats(path, "x", x), Y = Floats(path, "y", y),
            Mask = weights,
        });
    }

    private static NpyArray Array(string path, IReadOnlyDictionary<string, NpyArray> arrays, string name, string shape)
    {
        if (!arrays.TryGetValue(name, out var array))
            throw Unusable(path, $"no array '{name}'", $"x [n×T×I], y [n×T×O] and, optionally, mask");
        return array.Text is null && array.Shape.Length == 3
            ? array
            : throw Unusable(path, $"{name} of shape {array.ShapeText}", $"three axes, {shape}");
    }

    private static float[] Floats(string path, string name, NpyArray array)
    {
        if (array.Text is not null) throw Unusable(path, $"a text as {name}", "numbers");
        var values = array.ToFloats();
        var at = values.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (at < 0) return values;
        var index = new List<int>();
        for (var (axis, rest) = (array.Shape.Length - 1, at); axis >= 0; rest /= array.Shape[axis--])
            index.Insert(0, rest % array.Shape[axis]);
        throw Unusable(path, $"{name}[{string.Join(", ", index)}] = {values[at]}", "finite numbers that single precision can hold");
    }

    private static InvalidInputException Unusable(string path, string found, string expected) =>
        InputFile.Unusable(path, found, expected, "write it again with numpy.savez(file, x=x, y=y, mask=mask)");
}
