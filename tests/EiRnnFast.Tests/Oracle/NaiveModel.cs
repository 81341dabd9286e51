using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Oracle;

/// <summary>
/// The whole model in double precision as plain loops over the equations: loss and, by backpropagation through time, all gradients.
/// </summary>
public sealed class NaiveModel
{
    private readonly int _n, _inputs, _outputs;
    private readonly CellSpec _cell;
    private readonly SignMode _mode;
    private readonly int[] _signs;
    private readonly bool _bySource;
    private readonly WiringMasks? _masks;
    private double[] _effective = [];
    private double _squares;
    private readonly double[] _alpha;

    public NaiveModel(EiRnn network)
    {
        (_n, _inputs, _outputs) = (network.Units, network.Inputs, network.Outputs);
        (_cell, _masks) = (network.Spec.Cell, network.Masks);
        (_mode, _signs) = (network.Spec.Signs.Mode, network.Spec.Signs.SignsOf(_n));
        _bySource = network.Spec.Signs.Axis != SignAxis.Postsynaptic;
        _alpha = [.. Enumerable.Range(0, _n).Select(unit => _cell.AlphaPerUnit?[unit] ?? _cell.Alpha)];
        InitialState = Doubles(network.InitialState);
        WIn = Doubles(network.InputWeights);
        WRec = Doubles(network.TrainedRecurrentWeights);
        Bias = Doubles(network.Bias);
        WOut = Doubles(network.OutputWeights);
        BOut = Doubles(network.OutputBias);
    }

    public double[] WIn { get; }

    /// <summary>V, which is trained: W_rec itself in the sign mode projection.</summary>
    public double[] WRec { get; }

    public double[] Bias { get; }
    public double[] WOut { get; }
    public double[] BOut { get; }

    public double[] InitialState { get; }

    public double[][] Tensors => [WIn, WRec, Bias, WOut, BOut, InitialState];

    public Penalties Penalties { get; init; } = Penalties.None;

    public LossFunction LossFunction { get; init; }

    /// <summary>With penalties.</summary>
    public double Loss(TrialBatch batch) => TaskLoss(batch) + RatePenalty(batch) + Penalties.L1Recurrent * _effective.Sum(Math.Abs)
        + Penalties.L2Recurrent * _effective.Sum(w => w * w) + Penalties.CostWeight
        * _effective.Select((w, k) => Cost(k) * Math.Abs(w)).Sum();

    public double TaskLoss(TrialBatch batch) => Compute(batch, null);

    private double Cost(int k) => Penalties.Cost?.Values[k] ?? 0;

    private double RatePenalty(TrialBatch batch) => _squares * Penalties.L2Rate / (batch.Count * batch.Steps * _n);

    /// <summary>Gradients in the order of <see cref="Tensors"/>.</summary>
    public double[][] Gradients(TrialBatch batch)
    {
        double[][] gradients = [.. Tensors.Select(tensor => new double[tensor.Length])];
        Compute(batch, gradients);
        for (var k = 0; k < _n * _n; k++)
            gradients[1][k] += (Penalties.L1Recurrent + Penalties.CostWeight * Cost(k)) * Math.Sign(_effective[k])
                + 2 * Penalties.L2Recurrent * _effective[k];
        for (var k = 0; k < _n * _n && _mode != SignMode.Projection; k++)
            gradients[1][k] *= Sign(k) * (_mode == SignMode.Magnitude ? Math.Sign(WRec[k]) : WRec[k] > 0 ? 1 : 0);
        foreach (var (mask, gradient) in new[] { (_masks?.Input, gradients[0]), (_masks?.Recurrent, gradients[1]),
            (_masks?.Output, gradients[3]) })
            for (var k = 0; mask is not null && k < gradient.Length; k++)
                if (!mask[k]) gradient[k] = 0;
        return gradients;
    }

    private double Compute(TrialBatch batch, double[][]? gradients)
    {
        var steps = batch.Steps;
        _squares = 0;
        _effective = [.. WRec.Select((v, k) => _mode switch
        {
            SignMode.Magnitude => Sign(k) * Math.Abs(v),
            SignMode.Rectified => Sign(k) * Math.Max(0, v),
            _ => v,
        })];
        double weight = 0, loss = 0;
        for (var i = 0; i < batch.Y.Length; i++) weight += batch.Mask?[i] ?? 1;
        if (LossFunction == LossFunction.CrossEntropy) weight /= _outputs;
        if (weight == 0) return 0;
        for (var b = 0; b < batch.Count; b++)
        {
            var (h, v) = (new double[steps + 1, _n], new double[steps + 1, _n]); // rates; what f is taken of
            for (var j = 0; j < _n; j++)
            {
                v[0, j] = InitialState[j];
                h[0, j] = _cell.Form == CellForm.Voltage ? Value(InitialState[j]) : InitialState[j];
            }
            var dy = new double[steps, _outputs];
            for (var t = 0; t < steps; t++)
            {
                for (var j = 0; j < _n; j++)
                {
                    var sum = Bias[j];
                    for (var i = 0; i < _n; i++) sum += h[t, i] * _effective[i * _n + j];
                    for (var c = 0; c < _inputs; c++) sum += batch.X[(b * steps + t) * _inputs + c] * WIn[c * _n + j];
                    if (_cell.Form == CellForm.Voltage)
                    {
                        v[t + 1, j] = (1 - _alpha[j]) * v[t, j] + _alpha[j] * sum;
                        h[t + 1, j] = Value(v[t + 1, j]);
                    }
                    else
                    {
                        v[t + 1, j] = sum;
                        h[t + 1, j] = (1 - _alpha[j]) * h[t, j] + _alpha[j] * Value(sum);
                    }
                }
                for (var j = 0; j < _n; j++) _squares += h[t + 1, j] * h[t + 1, j];
                var y = new double[_outputs];
                for (var o = 0; o < _outputs; o++)
                {
                    y[o] = BOut[o];
                    for (var i = 0; i < _n; i++) y[o] += h[t + 1, i] * WOut[i * _outputs + o];
                }
                for (var o = 0; o < _outputs; o++)
                {
                    var at = (b * steps + t) * _outputs + o;
                    double m = batch.Mask?[at] ?? 1, error = y[o] - batch.Y[at], share = Math.Exp(y[o]) / y.Sum(Math.Exp);
                    var isEntropy = LossFunction == LossFunction.CrossEntropy;
                    loss += m / weight * (isEntropy ? -batch.Y[at] * Math.Log(share) : error * error);
                    dy[t, o] = m / weight * (isEntropy ? share - batch.Y[at] : 2 * error);
                }
            }
            if (gradients is not null) Backward(batch, b, h, v, dy, gradients);
        }
        return loss;
    }

    private void Backward(TrialBatch batch, int b, double[,] h, double[,] v, double[,] dy, double[][] gradients)
    {
        var (following, carry) = (new double[_n], new double[_n]); // ∂L/∂z, and ∂L/∂r or ∂L/∂v, of the step after
        for (var t = batch.Steps - 1; t >= 0; t--)
        {
            var d = new double[_n];
            for (var i = 0; i < _n; i++)
            {
                var sum = 0.0;
                for (var j = 0; j < _n; j++) sum += following[j] * _effective[i * _n + j];
                for (var o = 0; o < _outputs; o++) sum += dy[t, o] * WOut[i * _outputs + o];
                sum += 2 * Penalties.L2Rate * h[t + 1, i] / (batch.Count * batch.Steps * _n);
                carry[i] = _cell.Form == CellForm.Voltage
                    ? sum * Slope(v[t + 1, i]) + (1 - _alpha[i]) * carry[i]
                    : sum + (1 - _alpha[i]) * carry[i];
                d[i] = _alpha[i] * carry[i] * (_cell.Form == CellForm.Voltage ? 1 : Slope(v[t + 1, i]));
            }
            for (var j = 0; j < _n; j++)
            {
                for (var c = 0; c < _inputs; c++) gradients[0][c * _n + j] += batch.X[(b * batch.Steps + t) * _inputs + c] * d[j];
                for (var i = 0; i < _n; i++) gradients[1][i * _n + j] += h[t, i] * d[j];
                gradients[2][j] += d[j];
                for (var o = 0; o < _outputs; o++) gradients[3][j * _outputs + o] += h[t + 1, j] * dy[t, o];
            }
            for (var o = 0; o < _outputs; o++) gradients[4][o] += dy[t, o];
            following = d;
        }
        for (var i = 0; i < _n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < _n; j++) sum += following[j] * _effective[i * _n + j];
            gradients[5][i] += sum * (_cell.Form == CellForm.Voltage ? Slope(v[0, i]) : 1) + (1 - _alpha[i]) * carry[i];
        }
    }

    private int Sign(int k) => _signs[_bySource ? k / _n : k % _n];

    private double Value(double x) => _cell.Activation switch
    {
        Activation.Tanh => Math.Tanh(x),
        Activation.Relu => Math.Max(0, x),
        Activation.Softplus => Math.Log(1 + Math.Exp(x)),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.Linear => x,
        _ => throw new InvalidOperationException($"{_cell.Activation}"),
    };

    private double Slope(double x) => _cell.Activation switch
    {
        Activation.Tanh => 1 - Math.Tanh(x) * Math.Tanh(x),
        Activation.Relu => x > 0 ? 1 : 0,
        Activation.Softplus => 1 / (1 + Math.Exp(-x)),
        Activation.Sigmoid => Value(x) * (1 - Value(x)),
        Activation.Linear => 1,
        _ => throw new InvalidOperationException($"{_cell.Activation}"),
    };

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++) result[i] = values[i];
        return result;
    }
}
