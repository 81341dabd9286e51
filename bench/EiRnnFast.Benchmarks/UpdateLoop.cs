using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Benchmarks;

/// <summary>
/// The reference workload, one update at a time: AND, batches of 64 trials of 290 steps, Dale's law 50-50; forward, loss,
/// backpropagation through time, clipping, Adam and projection.
/// </summary>
internal sealed class UpdateLoop
{
    public const int Batch = 64;
    private readonly TrialBatch _data = BooleanTask.And.Generate(15050, BooleanTask.And.DefaultDataSeed);
    private readonly int[] _order = Enumerable.Range(50, 15000).ToArray();
    private readonly BatchGradient _gradient;
    private readonly AdamOptimizer _optimizer;
    private int _next;

    public UpdateLoop(int units, bool sharing, KernelSet kernels)
    {
        var spec = new NetworkSpec { Units = units, Inputs = 2, Outputs = 1, Signs = SignConstraint.Presynaptic(0.5), Init = RecurrentInit.Orthogonal() };
        var workspace = new TrainingWorkspace(spec, _data.Steps, Batch, kernels);
        workspace.Layout.CopyFrom(EiRnn.Create(spec, 1), workspace.Parameters.Span);
        _gradient = new BatchGradient(workspace, _data, sharing);
        _optimizer = new AdamOptimizer(workspace, spec, new TrainingOptions());
    }

    public static int Steps => BooleanTask.And.Steps;

    /// <summary>Multiply-adds of the dense products, counted as two operations each: 6·B·T·N².</summary>
    public static double Operations(int units) => 6.0 * Batch * Steps * units * units;

    /// <summary>One update on the next batch; the loss before it.</summary>
    public double Update()
    {
        var loss = _gradient.Compute(_order.AsSpan(_next, Batch));
        _optimizer.Update(_optimizer.GradientNorm());
        _next = (_next + Batch) % (_order.Length - Batch);
        return loss;
    }
}
