using System.Text.Json;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Settings;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Golden;

/// <summary>One file of float64 autograd results: inputs, weights, gradients and a short training.</summary>
public sealed class GoldenCase
{
    private readonly JsonElement _root;

    private GoldenCase(string path)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(path));
        _root = document.RootElement.Clone();
        (File, Name) = (path, Path.GetFileName(path));
    }

    public string File { get; }

    public string Name { get; }
    public double[] this[string key] => [.. _root.GetProperty(key).EnumerateArray().Select(value => value.GetDouble())];

    private int Size(string key) => _root.GetProperty(key).GetInt32();

    /// <summary>
    /// Folder from EIRNN_GOLDEN_DIR, else the copy beside the tests. An empty or missing folder is an error, never a skip.
    /// </summary>
    public static IReadOnlyList<string> Files()
    {
        var folder = Environment.GetEnvironmentVariable("EIRNN_GOLDEN_DIR") is { Length: > 0 } given
            ? given
            : Path.Combine(AppContext.BaseDirectory, "Golden");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"golden folder '{folder}' does not exist (EIRNN_GOLDEN_DIR)");
        string[] files = [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new FileNotFoundException($"golden folder '{folder}' holds no *.json (EIRNN_GOLDEN_DIR)");
    }

    public static GoldenCase Load(string path) => new(path);

    public EiRnn Network() => EiRnn.FromWeights(Spec(), Floats("init_kernel"), Floats("init_recurrent_kernel"), Floats("init_bias"),
        Floats("init_dense_kernel"), Floats("init_dense_bias"), initialState: Has("init_initial_state") ? Floats("init_initial_state") : [],
        masks: Has("masks") ? Masks() : null);

    /// <summary>What the file needs and the engine has not; null for nothing.</summary>
    public string? Missing =>
        Has("loss") && !SettingNames.Losses.ContainsKey(_root.GetProperty("loss").GetString()!) ? "another loss"
        : null;

    private WiringMasks Masks() => new() { Input = MaskOf("kernel"), Recurrent = MaskOf("recurrent"), Output = MaskOf("dense") };

    public bool Has(string key) => _root.TryGetProperty(key, out _);

    private bool[]? MaskOf(string tensor) => _root.GetProperty("masks").TryGetProperty(tensor, out var mask)
        ? [.. mask.EnumerateArray().Select(entry => entry.GetDouble() != 0)] : null;

    /// <summary>The noise that autograd used, in place of the generator's; null for none.</summary>
    internal StateNoise? Noise() => Has("noise") ? new GivenNoise(this) : null;

    private sealed class GivenNoise(GoldenCase golden) : StateNoise
    {
        private readonly double[] _normals = golden["noise"];
        private readonly NetworkSpec _spec = golden.Spec();
        private readonly double _sigma = golden._root.GetProperty("cell").GetProperty("noise_rec").GetDouble();

        public override void Fill(int update, ReadOnlySpan<int> trials, int step, Span<float> rows, int width, Columns columns)
        {
            for (var row = 0; row < trials.Length; row++)
                for (var j = columns.First; j < Math.Min(_spec.Units, columns.End(width)); j++)
                    rows[row * width + j] = (float)(Math.Sqrt(2 / _spec.Cell.Alpha) * _sigma
                        * _normals[(trials[row] * golden.Size("time") + step) * _spec.Units + j]);
        }
    }

    public TrialBatch Trials() => new()
    {
        Count = Size("batch"), Steps = Size("time"), Inputs = Size("inputs"), Outputs = Size("outputs"), X = Floats("x"), Y = Floats("y"),
        Mask = _root.TryGetProperty("mask", out _) ? Mask() : null,
    };

    /// <summary>[B,T,O], or [B,T] for all outputs alike.</summary>
    private float[] Mask()
    {
        var mask = Floats("mask");
        return mask.Length == Size("batch") * Size("time") * Size("outputs")
            ? mask
            : [.. mask.SelectMany(m => Enumerable.Repeat(m, Size("outputs")))];
    }

    public TrainingOptions Options()
    {
        var adam = _root.GetProperty(Has("adam") ? "adam" : "optimizer");
        double Value(string key) => Number(adam, key)!.Value;
        return new TrainingOptions
        {
            LearningRate = Value("lr"), Beta1 = Value("beta1"), Beta2 = Value("beta2"), Epsilon = Value("epsilon"), Decay = Value("decay"),
            Optimizer = adam.TryGetProperty("kind", out var kind) && kind.GetString() == "sgd" ? OptimizerKind.Sgd : OptimizerKind.Adam,
            Momentum = Number(adam, "momentum") ?? 0, WeightDecay = Number(adam, "weight_decay") ?? 0,
            Nesterov = adam.TryGetProperty("nesterov", out var nesterov) && nesterov.GetBoolean(),
            Frozen = !Has("frozen") ? []
                : [.. _root.GetProperty("frozen").EnumerateArray().Select(name => SettingNames.Tensors[name.GetString()!])],
            Penalties = Penalties(), Loss = Has("loss") ? SettingNames.Losses[_root.GetProperty("loss").GetString()!] : default,
            Clipping = adam.TryGetProperty("clipping", out var clipping)
                ? SettingNames.Clippings[clipping.GetString()!.Replace('_', '-')] : GradientClipping.Global,
            ClipNorm = Value(Has("adam") ? "clip_global_norm" : "clip_norm"),
        };
    }

    private Penalties Penalties()
    {
        if (!Has("penalties")) return EiRnnFast.Training.Penalties.None;
        var given = _root.GetProperty("penalties");
        return new Penalties
        {
            L2Rate = Number(given, "l2_rate") ?? 0, L1Recurrent = Number(given, "l1_recurrent") ?? 0,
            L2Recurrent = Number(given, "l2_recurrent") ?? 0, CostWeight = Number(given, "cost_weight") ?? 0,
            Cost = given.TryGetProperty("cost", out var cost)
                ? new WiringCost([.. cost.EnumerateArray().Select(value => value.GetSingle())]) : null,
        };
    }

    private static double? Number(JsonElement from, string key) => from.TryGetProperty(key, out var value) ? value.GetDouble() : null;

    private NetworkSpec Spec()
    {
        var constraint = _root.GetProperty("constraint");
        var inhibitory = constraint.GetProperty("inhibitory_first").GetInt32();
        int[] signs = [.. Enumerable.Range(0, Size("N")).Select(i => i < inhibitory ? -1 : 1)];
        var axis = constraint.GetProperty("axis").GetString() switch
        {
            "pre" => SignAxis.Presynaptic,
            "post" => SignAxis.Postsynaptic,
            "none" => SignAxis.None,
            var other => throw new InvalidDataException($"{Name}: axis '{other}'"),
        };
        var sign = axis == SignAxis.None ? SignConstraint.None : SignConstraint.FromSigns(axis, signs);
        return new NetworkSpec
        {
            Units = Size("N"), Inputs = Size("inputs"), Outputs = Size("outputs"), Init = null,
            Signs = sign with
            {
                NonNegativeInput = constraint.GetProperty("input_nonnegative").GetBoolean(),
                NonNegativeOutput = constraint.TryGetProperty("readout_nonnegative", out var output) && output.GetBoolean(),
                Mode = constraint.TryGetProperty("mode", out var mode)
                    ? Enum.Parse<SignMode>(mode.GetString()!, ignoreCase: true) : default,
            },
            Cell = Has("cell") ? Cell(_root.GetProperty("cell")) : CellSpec.Published,
        };
    }

    private static CellSpec Cell(JsonElement cell)
    {
        var alpha = cell.GetProperty("alpha");
        return new CellSpec
        {
            Form = Enum.Parse<CellForm>(cell.GetProperty("form").GetString()!, ignoreCase: true),
            Activation = Enum.Parse<Activation>(cell.GetProperty("activation").GetString()!, ignoreCase: true),
            Alpha = alpha.ValueKind == JsonValueKind.Array ? 1 : alpha.GetDouble(),
            AlphaPerUnit = alpha.ValueKind == JsonValueKind.Array ? [.. alpha.EnumerateArray().Select(value => value.GetDouble())] : null,
            Noise = cell.GetProperty("noise_rec").GetDouble(),
            TrainInitialState = cell.GetProperty("train_initial_state").GetBoolean(),
        };
    }

    private float[] Floats(string key) => [.. this[key].Select(value => (float)value)];
}
