using System.Diagnostics;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Settings;

/// <summary>The spelling of settings and outcomes on the command line and in every file.</summary>
public static class SettingNames
{
    /// <summary>Initialisations by name.</summary>
    public static IReadOnlyDictionary<string, RecurrentInitKind> Inits { get; } = new NameTable<RecurrentInitKind>
    {
        ["orthogonal"] = RecurrentInitKind.Orthogonal, ["normal"] = RecurrentInitKind.Normal,
        ["two-gaussian"] = RecurrentInitKind.TwoGaussian, ["identity"] = RecurrentInitKind.Identity,
        ["gamma"] = RecurrentInitKind.Gamma, ["lognormal"] = RecurrentInitKind.Lognormal,
    };

    /// <summary>Sign axes by name.</summary>
    public static IReadOnlyDictionary<string, SignAxis> Axes { get; } = new NameTable<SignAxis>
    {
        ["presynaptic"] = SignAxis.Presynaptic, ["postsynaptic"] = SignAxis.Postsynaptic, ["none"] = SignAxis.None,
    };

    /// <summary>Sign modes by name.</summary>
    public static IReadOnlyDictionary<string, SignMode> SignModes { get; } = new NameTable<SignMode>
    {
        ["projection"] = SignMode.Projection, ["magnitude"] = SignMode.Magnitude, ["rectified"] = SignMode.Rectified,
    };

    /// <summary>Activations by name.</summary>
    public static IReadOnlyDictionary<string, Activation> Activations { get; } = new NameTable<Activation>
    {
        ["tanh"] = Activation.Tanh, ["relu"] = Activation.Relu, ["softplus"] = Activation.Softplus, ["sigmoid"] = Activation.Sigmoid,
        ["linear"] = Activation.Linear,
    };

    /// <summary>Forms of a cell by name.</summary>
    public static IReadOnlyDictionary<string, CellForm> Forms { get; } = new NameTable<CellForm>
    {
        ["rate"] = CellForm.Rate, ["voltage"] = CellForm.Voltage,
    };

    /// <summary>Optimisers by name.</summary>
    public static IReadOnlyDictionary<string, OptimizerKind> Optimizers { get; } = new NameTable<OptimizerKind>
    {
        ["adam"] = OptimizerKind.Adam, ["sgd"] = OptimizerKind.Sgd,
    };

    /// <summary>Schedules of the learning rate by name.</summary>
    public static IReadOnlyDictionary<string, LearningRateSchedule> Schedules { get; } = new NameTable<LearningRateSchedule>
    {
        ["decay"] = LearningRateSchedule.Decay, ["constant"] = LearningRateSchedule.Constant,
        ["cosine"] = LearningRateSchedule.Cosine, ["steps"] = LearningRateSchedule.Steps,
    };

    /// <summary>Losses of a task by name.</summary>
    public static IReadOnlyDictionary<string, LossFunction> Losses { get; } = new NameTable<LossFunction>
    {
        ["mse"] = LossFunction.MeanSquare, ["cross_entropy"] = LossFunction.CrossEntropy,
    };

    /// <summary>What updates are made of, by name.</summary>
    public static IReadOnlyDictionary<string, TrainingData> Data { get; } = new NameTable<TrainingData>
    {
        ["fixed"] = TrainingData.Fixed, ["fresh"] = TrainingData.Fresh,
    };

    /// <summary>Which epoch is kept, by name.</summary>
    public static IReadOnlyDictionary<string, KeptEpoch> Kept { get; } = new NameTable<KeptEpoch>
    {
        ["last"] = KeptEpoch.Last, ["best"] = KeptEpoch.Best,
    };

    /// <summary>Clipping modes by name.</summary>
    public static IReadOnlyDictionary<string, GradientClipping> Clippings { get; } = new NameTable<GradientClipping>
    {
        ["global"] = GradientClipping.Global, ["per-tensor"] = GradientClipping.PerTensor, ["none"] = GradientClipping.None,
    };

    /// <summary>Tensors by name, as files have them.</summary>
    public static IReadOnlyDictionary<string, NetworkTensor> Tensors { get; } = new NameTable<NetworkTensor>
    {
        ["kernel"] = NetworkTensor.InputWeights, ["recurrent_kernel"] = NetworkTensor.RecurrentWeights, ["bias"] = NetworkTensor.Bias,
        ["dense_kernel"] = NetworkTensor.OutputWeights, ["dense_bias"] = NetworkTensor.OutputBias,
        ["initial_state"] = NetworkTensor.InitialState,
    };

    /// <summary>The name of a value in one of the tables above.</summary>
    public static string Of<T>(IReadOnlyDictionary<string, T> names, T value) where T : struct, Enum =>
        names is NameTable<T> table ? table.Of(value) : names.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Key;

    /// <summary>Why a training ended, in words: <c>epochs</c>, <c>loss</c>, <c>patience</c> and so on.</summary>
    public static string Of(StopReason reason) => reason switch
    {
        StopReason.Epochs => "epochs",
        StopReason.Loss => "loss",
        StopReason.ValidationLoss => "validation loss",
        StopReason.ValidationAccuracy => "validation accuracy",
        StopReason.Patience => "patience",
        StopReason.Diverged => "diverged",
        StopReason.Interrupted => "interrupted",
        _ => throw new UnreachableException($"no name of {reason}"),
    };
}
