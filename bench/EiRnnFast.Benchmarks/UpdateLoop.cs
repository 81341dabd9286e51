using System.Diagnostics;
using EiRnnFast.Kernels;
using EiRnnFast.Kernels.Sparse;
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
    private static readonly TrialBatch s_data = TaskCatalog.Get("and")
        .Generate(TaskCatalog.Get("and").DefaultTrials, TaskCatalog.Get("and").DefaultDataSeed);
    private static readonly TrialBatch s_masked = Masked();
    private readonly int[] _order = Enumerable.Range(50, 15000).ToArray();
    private readonly BatchGradient _gradient;
    private readonly Optimizer _optimizer;
    private readonly Crew _crew;
    private int _next;

    public UpdateLoop(int units, bool sharing, KernelSet kernels)
        : this(EiRnn.Create(Spec(units), 1), s_data, sharing, kernels)
    {
    }

    private UpdateLoop(EiRnn network, TrialBatch data, bool sharing, KernelSet kernels, RecurrentForm? form = null)
    {
        var workspace = new TrainingWorkspace(network.Spec, Steps, Batch, kernels);
        _crew = workspace.Crew;
        workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
        _gradient = new BatchGradient(workspace, data, network, new TrainingOptions { Sharing = sharing, RecurrentForm = form },
            GaussianNoise.Of(network.Spec, 1));
        _optimizer = new Optimizer(workspace, network.Spec, new TrainingOptions());
    }

    /// <summary>The leaky workload: <see cref="LeakyNetwork"/> on the same batches, masked until the first pulse may come.</summary>
    public static UpdateLoop Leaky(int units, double noise, KernelSet kernels) =>
        new(LeakyNetwork.Create(units, noise), s_masked, sharing: false, kernels);

    /// <summary>A network with fewer weights, without sharing, in a form of its products; null for the one that costs least.</summary>
    public static UpdateLoop Wired(int units, Wiring wiring, RecurrentForm? form, KernelSet kernels) =>
        new(EiRnn.Create(Spec(units) with { Init = RecurrentInit.Normal(1), Wiring = wiring }, 1), s_data, sharing: false, kernels, form);

    /// <summary>The form of its products.</summary>
    public RecurrentForm Form => _gradient.RecurrentForm;

    public static int Steps => TaskCatalog.Get("and").Steps;

    /// <summary>The network: Dale's law with half of the units excitatory, orthogonal.</summary>
    public static NetworkSpec Spec(int units) =>
        new() { Units = units, Inputs = 2, Outputs = 1, Signs = SignConstraint.Presynaptic(0.5), Init = RecurrentInit.Orthogonal() };

    /// <summary>Operations of the dense products, a multiply-add counted as two: 6·B·T·N².</summary>
    public static double Operations(int units) => 6.0 * Batch * Steps * units * units;

    /// <summary>Updates on so many threads from now on.</summary>
    public void Take(int threads) => _crew.Take(threads);

    /// <summary>One update on the next batch; the loss before it.</summary>
    public double Update()
    {
        var loss = _gradient.Compute(_order.AsSpan(_next, Batch));
        _optimizer.Update(_optimizer.GradientNorm());
        _next = (_next + Batch) % (_order.Length - Batch);
        return loss;
    }

    /// <summary>One update; its milliseconds.</summary>
    public double TimedUpdate()
    {
        var start = Stopwatch.GetTimestamp();
        Update();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static TrialBatch Masked()
    {
        const int silent = 50;
        var mask = new float[s_data.Y.Length];
        for (var i = 0; i < mask.Length; i++) mask[i] = i / s_data.Outputs % s_data.Steps < silent ? 0 : 1;
        return new TrialBatch
        {
            Count = s_data.Count, Steps = s_data.Steps, Inputs = s_data.Inputs, Outputs = s_data.Outputs, X = s_data.X, Y = s_data.Y,
            Mask = mask,
        };
    }
}
