using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Oracle;

/// <summary>Training in double precision as plain loops: gradient, masks, norm, clipping, weight decay, step, projection.</summary>
public sealed class NaiveOptimizer(EiRnn network, TrainingOptions options, int updatesPerEpoch)
{
    private readonly NaiveModel _model = new(network) { Penalties = options.Penalties, LossFunction = options.Loss };
    private readonly double[][] _first = Zeros(network), _second = Zeros(network);
    private readonly int[] _signs = network.Spec.Signs.SignsOf(network.Units);
    private int _updates;

    public double[][] Tensors => _model.Tensors;

    /// <summary>One update; the losses before it.</summary>
    public (double Loss, double TaskLoss) Step(TrialBatch batch)
    {
        var losses = (_model.Loss(batch), _model.TaskLoss(batch));
        var gradients = _model.Gradients(batch)[..5];
        foreach (var tensor in options.Frozen) Array.Clear(gradients[(int)tensor]);
        var all = Math.Sqrt(gradients.Sum(gradient => gradient.Sum(g => g * g)));
        var rate = options.LearningRate * options.Schedule switch
        {
            LearningRateSchedule.Decay => 1 / (1 + options.Decay * _updates),
            LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * _updates / (options.Epochs * updatesPerEpoch))) / 2,
            LearningRateSchedule.Steps => Math.Pow(options.ScheduleFactor, _updates / updatesPerEpoch / options.ScheduleEpochs),
            _ => 1,
        };
        _updates++;
        for (var tensor = 0; tensor < 5; tensor++)
        {
            var norm = options.Clipping == GradientClipping.PerTensor ? Math.Sqrt(gradients[tensor].Sum(g => g * g)) : all;
            var scale = options.Clipping == GradientClipping.None || norm <= options.ClipNorm ? 1 : options.ClipNorm / norm;
            var isDecayed = tensor is 0 or 1 or 3 && !options.Frozen.Contains((NetworkTensor)tensor);
            for (var i = 0; i < Tensors[tensor].Length; i++)
            {
                ref var weight = ref Tensors[tensor][i];
                if (isDecayed) weight *= 1 - rate * options.WeightDecay;
                weight += Change(tensor, i, scale * gradients[tensor][i], rate);
                if (tensor is 0 or 3) weight = Math.Max(0, weight);
                if (tensor == 1 && network.Spec.Signs.Mode == SignMode.Projection && weight * _signs[i / network.Units] < 0) weight = 0;
            }
        }
        return losses;
    }

    private double Change(int tensor, int i, double gradient, double rate)
    {
        ref double first = ref _first[tensor][i], second = ref _second[tensor][i];
        if (options.Optimizer == OptimizerKind.Sgd)
        {
            first = options.Momentum * first - rate * gradient;
            return options.Nesterov ? options.Momentum * first - rate * gradient : first;
        }
        first = options.Beta1 * first + (1 - options.Beta1) * gradient;
        second = options.Beta2 * second + (1 - options.Beta2) * gradient * gradient;
        var step = rate * Math.Sqrt(1 - Math.Pow(options.Beta2, _updates)) / (1 - Math.Pow(options.Beta1, _updates));
        return -step * first / (Math.Sqrt(second) + options.Epsilon);
    }

    private static double[][] Zeros(EiRnn network) =>
        [new double[network.InputWeights.Length], new double[network.RecurrentWeights.Length], new double[network.Units],
            new double[network.OutputWeights.Length], new double[network.Outputs]];
}
