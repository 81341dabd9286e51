using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EiRnnFast.Files;
using EiRnnFast.Model;
using EiRnnFast.Settings;

namespace EiRnnFast.CAbi;

/// <summary>Networks: see eirnn.h, where every function is described.</summary>
internal static unsafe class NetworkExports
{
    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_create", CallConvs = [typeof(CallConvCdecl)])]
    public static int Create(ulong run, long inputs, long outputs, sbyte* signs, ulong* network) => Border.Call(() =>
    {
        using var taken = Handles.Take<Run>(run);
        Given.Require(network, "network");
        var settings = taken.Held.Settings();
        var axis = settings.Signs.Axis == SignAxis.None ? SignAxis.Presynaptic : settings.Signs.Axis;
        var spec = settings.ToSpec() with { Inputs = Given.Count(inputs, "inputs"), Outputs = Given.Count(outputs, "outputs") };
        if (signs is not null)
        {
            int[] given = [.. Given.Values(signs, "signs", spec.Units).ToArray().Select(sign => (int)sign)];
            spec = spec with { Signs = SignConstraint.FromSigns(axis, given) with { Mode = settings.Signs.Mode } };
        }
        *network = Handles.Add(EiRnn.Create(spec, settings.Seed));
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_load", CallConvs = [typeof(CallConvCdecl)])]
    public static int Load(byte* path, ulong* network) => Border.Call(() =>
    {
        Given.Require(network, "network");
        *network = Handles.Add(NetworkFile.Read(Given.Text(path, "path")));
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_save", CallConvs = [typeof(CallConvCdecl)])]
    public static int Save(ulong network, byte* path) => Border.Call(() =>
    {
        using var taken = Handles.Take<EiRnn>(network);
        NetworkFile.Write(Given.Text(path, "path"), taken.Held, Texts.Provenance());
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_copy", CallConvs = [typeof(CallConvCdecl)])]
    public static int Copy(ulong network, ulong* copy) => Border.Call(() =>
    {
        using var taken = Handles.Take<EiRnn>(network);
        Given.Require(copy, "copy");
        *copy = Handles.Add(taken.Held.Clone());
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_sizes", CallConvs = [typeof(CallConvCdecl)])]
    public static int Sizes(ulong network, long* units, long* inputs, long* outputs) => Border.Call(() =>
    {
        using var taken = Handles.Take<EiRnn>(network);
        Given.Require(units, "units");
        Given.Require(inputs, "inputs");
        Given.Require(outputs, "outputs");
        (*units, *inputs, *outputs) = (taken.Held.Units, taken.Held.Inputs, taken.Held.Outputs);
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_read", CallConvs = [typeof(CallConvCdecl)])]
    public static int Read(ulong network, byte* tensor, float* values, long count) => Border.Call(() =>
    {
        using var taken = Handles.Take<EiRnn>(network);
        Tensor(taken.Held, Given.Text(tensor, "tensor"), count).CopyTo(Given.Room(values, "values", count));
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_write", CallConvs = [typeof(CallConvCdecl)])]
    public static int Write(ulong network, byte* tensor, float* values, long count) => Border.Call(() =>
    {
        using var taken = Handles.Take<EiRnn>(network);
        var name = Given.Text(tensor, "tensor");
        var to = Tensor(taken.Held, name, count);
        var from = Given.Values(values, "values", count);
        if (from.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw InvalidInputException.Of(name, "a value that is not finite", "finite weights only", "correct the values");
        if (name == Effective)
            throw InvalidInputException.Of("tensor", Effective, $"one to be written, such as {Recurrent}", "it follows from that one");
        var mask = name switch
        {
            "kernel" => taken.Held.Masks?.Input,
            Recurrent => taken.Held.Masks?.Recurrent,
            "dense_kernel" => taken.Held.Masks?.Output,
            _ => null,
        };
        for (var i = 0; i < to.Length; i++) to[i] = mask is null || mask[i] ? from[i] : 0;
        taken.Held.FormEffectiveWeights();
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_signs", CallConvs = [typeof(CallConvCdecl)])]
    public static int Signs(ulong network, sbyte* signs, long count) => Border.Call(() =>
    {
        using var taken = Handles.Take<EiRnn>(network);
        RequireCount("signs", count, taken.Held.Units);
        var to = Given.Room(signs, "signs", count);
        var all = taken.Held.Spec.Signs.SignsOf(taken.Held.Units);
        for (var i = 0; i < all.Length; i++) to[i] = (sbyte)all[i];
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_network_run", CallConvs = [typeof(CallConvCdecl)])]
    public static int RunTrials(ulong network, long trials, long steps, float* x, long noiseSeed, float* outputs, float* states)
        => Border.Call(() =>
        {
            using var taken = Handles.Take<EiRnn>(network);
            var net = taken.Held;
            var given = Given.Values(x, "x", trials, steps, net.Inputs);
            var toOutputs = Given.Room(outputs, "outputs", trials, steps, net.Outputs);
            var toStates = states is null ? default : Given.Room(states, "states", trials, steps, net.Units);
            if (given.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                throw InvalidInputException.Of("x", "a value that is not finite", "finite inputs only", "correct the inputs");
            if (noiseSeed < -1) throw InvalidInputException.Of("noise_seed", noiseSeed, "-1 for none, 0 or above", "correct it");
            var (y, h) = net.Run(given, (int)trials, Engine.Backend.Kernels, noiseSeed < 0 ? null : noiseSeed);
            y.CopyTo(toOutputs);
            if (states is not null) h.CopyTo(toStates);
        });

    private const string Recurrent = "recurrent_kernel", Effective = "effective_recurrent_kernel";

    private static Span<float> Tensor(EiRnn network, string name, long count)
    {
        var tensor = name switch
        {
            "kernel" => network.InputWeights,
            Recurrent => network.TrainedRecurrentWeights,
            Effective => network.RecurrentWeights,
            "bias" => network.Bias,
            "dense_kernel" => network.OutputWeights,
            "dense_bias" => network.OutputBias,
            "initial_state" => network.InitialState,
            _ => throw InvalidInputException.Of("tensor", SettingText.Shown(name),
                $"one of {string.Join(", ", SettingNames.Tensors.Keys)}, {Effective}", "correct the name"),
        };
        RequireCount(name, count, tensor.Length);
        return tensor;
    }

    private static void RequireCount(string name, long found, int expected)
    {
        if (found != expected)
            throw InvalidInputException.Of(name, $"room for {found} values", $"{expected}, as the network has", "correct the number");
    }
}
