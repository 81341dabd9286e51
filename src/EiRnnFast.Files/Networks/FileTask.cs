using EiRnnFast.Tasks;

namespace EiRnnFast.Files;

/// <summary>
/// A task whose trials are the arrays of a .npz file: <c>x</c> [n×T×I], <c>y</c> [n×T×O] and, optionally, <c>mask</c>, the weights of the
/// targets, [n×T] or [n×T×O]. Any number type, C or Fortran order; rounded to single precision once. The file may also hold
/// <c>step_ms</c>, milliseconds per timestep, and texts: <c>labels</c> [n], the type of each trial, <c>input_labels</c> [I] and
/// <c>output_labels</c> [O].
/// </summary>
public sealed class FileTask : ArrayTask, ITask
{
    /// <summary>More types of trials than this are no types.</summary>
    private const int MostTypes = 256;

    private const int LongestLabel = 100;

    internal const string Mask = "mask", Step = "step_ms", Labels = "labels", InputNames = "input_labels", OutputNames = "output_labels";

    private const string X = "x", Y = "y";

    private static readonly string[] s_optional = [Mask, Step, Labels, InputNames, OutputNames];

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<(string Path, long Length, DateTime Written), WeakReference<FileTask>> s_known = [];

    private FileTask(string path, string sha256, TrialBatch trials, double stepMs, IReadOnlyList<string> types,
        IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
        : base(System.IO.Path.GetFileNameWithoutExtension(path), trials, stepMs, types, inputs, outputs) =>
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

    /// <summary>Writes a data set of a task as such a file, whole or not at all: with its step and its names where it has them.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="task">The task.</param>
    /// <param name="trials">n.</param>
    /// <param name="dataSeed">Seed of the data set.</param>
    /// <exception cref="InvalidInputException">More trials than the task has, or a file that cannot be written there.</exception>
    public static void Write(string path, CatalogTask task, int trials, uint dataSeed)
    {
        ArgumentNullException.ThrowIfNull(task);
        var (x, y, mask) = task.GenerateDoubles(trials, dataSeed);
        var types = task.Generate(trials, dataSeed).Types;
        Dictionary<string, NpyArray> arrays = new()
        {
            [X] = NpyArray.Of(x, trials, task.Steps, task.Inputs),
            [Y] = NpyArray.Of(y, trials, task.Steps, task.Outputs),
            [Mask] = NpyArray.Of(mask, trials, task.Steps, task.Outputs),
            [Step] = NpyArray.Of([task.StepMs]),
        };
        if (types.Count > 0) arrays[Labels] = NpyArray.Of([.. types.Select(type => task.TrialTypes[type])], trials);
        if (task.InputLabels.Count > 0) arrays[InputNames] = NpyArray.Of([.. task.InputLabels], task.Inputs);
        NpzFile.Write(path, arrays);
    }

    private static FileTask Load(string path)
    {
        var arrays = NpzFile.Read(path, [X, Y, .. s_optional]);
        RefuseMisspelt(path, arrays);
        NpyArray x = Array(path, arrays, X, "[n×T×I]"), y = Array(path, arrays, Y, "[n×T×O]");
        var (n, steps, inputs, outputs) = (x.Shape[0], x.Shape[1], x.Shape[2], y.Shape[2]);
        if (x.Shape.Concat(y.Shape).Any(length => length == 0))
            throw Unusable(path, $"x of shape {x.ShapeText} and y of shape {y.ShapeText}",
                "at least one trial, timestep, input and output");
        if (y.Shape[0] != n || y.Shape[1] != steps)
            throw Unusable(path, $"x of shape {x.ShapeText} and y of shape {y.ShapeText}",
                "as many trials and timesteps in y [n×T×O] as in x [n×T×I]");
        var labels = Texts(path, arrays, Labels, n, "trial");
        string[] types = [.. labels.Distinct().Order(StringComparer.Ordinal)];
        if (types.Length > MostTypes)
            throw Unusable(path, $"{types.Length} different {Labels}", $"at most {MostTypes}: a label is the type of a trial");
        var numbers = types.Select((type, i) => (type, i)).ToDictionary(entry => entry.type, entry => entry.i, StringComparer.Ordinal);
        var trials = new TrialBatch
        {
            Count = n, Steps = steps, Inputs = inputs, Outputs = outputs, X = Floats(path, X, x), Y = Floats(path, Y, y),
            Mask = arrays.TryGetValue(Mask, out var mask) ? Weights(path, mask, y.Shape) : null,
            Types = [.. labels.Select(label => numbers[label])],
        };
        return new FileTask(path, InputFile.Sha256Of(path, "a .npz file"), trials, StepOf(path, arrays), types,
            Texts(path, arrays, InputNames, inputs, "input"), Texts(path, arrays, OutputNames, outputs, "output"));
    }

    /// <summary>Other arrays may lie beside the trials. One whose name is nearly that of an array that is not there was meant for it:
    /// without it, weights or milliseconds would be others without a word.</summary>
    private static void RefuseMisspelt(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        foreach (var name in NpzFile.NamesIn(path).Where(name => !arrays.ContainsKey(name)))
            if (s_optional.FirstOrDefault(known => !arrays.ContainsKey(known) && Plain(known) == Plain(name)) is { } meant)
                throw Unusable(path, $"an array '{name}'", $"'{meant}', as this program reads it", $"write it as {meant}, or leave it out");

        static string Plain(string name)
        {
            var plain = name.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal);
            return (plain.EndsWith("ms", StringComparison.Ordinal) ? plain[..^2] : plain).TrimEnd('s');
        }
    }

    /// <summary>The weight of each target; null where all weigh 1, which is the same task as without a mask.</summary>
    private static float[]? Weights(string path, NpyArray mask, int[] shape)
    {
        var (n, steps, outputs) = (shape[0], shape[1], shape[2]);
        if (!mask.Shape.SequenceEqual([n, steps]) && !mask.Shape.SequenceEqual([n, steps, outputs]))
            throw Unusable(path, $"a mask of shape {mask.ShapeText}", $"{n}×{steps} or {n}×{steps}×{outputs}, as y has");
        var weights = Floats(path, Mask, mask);
        if (mask.Shape.Length == 2 && outputs > 1) weights = [.. weights.SelectMany(weight => Enumerable.Repeat(weight, outputs))];
        if (weights.AsSpan().ContainsAnyExceptInRange(0, float.MaxValue))
            throw Unusable(path, $"a mask with the weight {weights.Min()}", "weights of 0 and above");
        if (!weights.AsSpan().ContainsAnyExcept(0f))
            throw Unusable(path, "a mask of zeros only", "at least one target that weighs something");
        if (weights.Any(weight => weight is > 0 and < 1e-12f or > 1e12f))
            throw Unusable(path, "a mask with weights beyond 1e-12 … 1e12", "weights of 0, or in that range");
        return weights.AsSpan().ContainsAnyExcept(1f) ? weights : null;
    }

    private static double StepOf(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        if (!arrays.TryGetValue(Step, out var array)) return 1;
        var expected = $"one number, the milliseconds of a timestep: {StepRange.Words(whole: false)}";
        if (!array.IsNumeric || array.Shape is not ([] or [1]))
            throw Unusable(path, $"{Step} of shape {array.ShapeText}", expected, $"write it with {Step}=20.0");
        var step = array.ToDoubles()[0];
        return StepRange.Holds(step) ? step : throw Unusable(path, $"{Step} = {step:R}", expected, $"write it with {Step}=20.0");
    }

    /// <summary>Names of trials, inputs or outputs; none where the file does not give them.</summary>
    private static IReadOnlyList<string> Texts(string path, IReadOnlyDictionary<string, NpyArray> arrays, string name, int count,
        string what)
    {
        if (!arrays.TryGetValue(name, out var array)) return [];
        var expected = $"{count} text{(count == 1 ? "" : "s")}, one for each {what}";
        var remedy = $"write it with {name}=numpy.array(names, 'U')";
        if (array.Texts is not { } texts || array.Shape.Length != 1 || texts.Count != count)
            throw Unusable(path, $"{name} of shape {array.ShapeText}{(array.IsNumeric ? ", numbers" : "")}", expected, remedy);
        foreach (var text in texts.Distinct())
            if (text.Length is 0 or > LongestLabel || !Printable.IsPlain(text))
                throw Unusable(path, $"{name} with the text '{text}'", $"1 to {LongestLabel} visible characters in each", remedy);
        return texts;
    }

    private static NpyArray Array(string path, IReadOnlyDictionary<string, NpyArray> arrays, string name, string shape)
    {
        if (!arrays.TryGetValue(name, out var array))
            throw Unusable(path, $"no array '{name}'", $"x [n×T×I], y [n×T×O] and, optionally, mask");
        return array.IsNumeric && array.Shape.Length == 3
            ? array
            : throw Unusable(path, $"{name} of shape {array.ShapeText}", $"three axes, {shape}");
    }

    private static float[] Floats(string path, string name, NpyArray array)
    {
        if (!array.IsNumeric) throw Unusable(path, $"text as {name}", "numbers");
        var values = array.ToFloats();
        var at = values.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (at < 0) return values;
        var index = new List<int>();
        for (var (axis, rest) = (array.Shape.Length - 1, at); axis >= 0; rest /= array.Shape[axis--])
            index.Insert(0, rest % array.Shape[axis]);
        throw Unusable(path, $"{name}[{string.Join(", ", index)}] = {values[at]}", "finite numbers that single precision can hold");
    }

    private static InvalidInputException Unusable(string path, string found, string expected,
        string remedy = "write it again with numpy.savez(file, x=x, y=y, mask=mask)") =>
        InputFile.Unusable(path, found, expected, remedy);
}
