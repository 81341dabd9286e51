using System.Diagnostics;
using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Tasks;
using EiRnnFast.Training;

namespace EiRnnFast.Benchmarks;

/// <summary>What drawing a fresh batch costs beside the update that it is for: every task, 100 units, 64 trials, in turn.</summary>
internal static class FreshDraws
{
    private const int Units = 100, Batch = 64, Rounds = 15, Warm = 80;

    public static void Run(TextWriter output)
    {
        output.WriteLine($"fresh batches of {Batch} trials, {Units} units, kernels {KernelSet.Current.Name}, medians of {Rounds}");
        output.WriteLine($"{"task",-24} {"draw, ms",10} {"update, ms",11} {"share",7}");
        foreach (var task in TaskCatalog.All)
        {
            var network = EiRnn.Create(new NetworkSpec { Units = Units, Inputs = task.Inputs, Outputs = task.Outputs }, 1);
            var options = new TrainingOptions { BatchSize = Batch };
            var workspace = new TrainingWorkspace(network.Spec, task.Steps, Batch, KernelSet.Current);
            workspace.Layout.CopyFrom(network, workspace.Parameters.Span);
            var gradient = new BatchGradient(workspace, network, options);
            var optimizer = new Optimizer(workspace, network.Spec, options);
            int[] all = [.. Enumerable.Range(0, Batch)];
            double[] draws = new double[Rounds], updates = new double[Rounds];
            TrialBatch? data = null, over = null;
            for (var warm = 0; warm < Warm; warm++)
            {
                data = BatchSource.DrawFresh(task, options, 2, warm, data); // until the compiler is done
                if (warm == Warm / 2) Thread.Sleep(200);
            }
            for (var round = -3; round < Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                (over, data) = (data, BatchSource.DrawFresh(task, options, 1, round + 3, over));
                var drawn = Stopwatch.GetTimestamp();
                gradient.Use(data);
                gradient.Compute(all);
                optimizer.Update(optimizer.GradientNorm());
                if (round < 0) continue;
                draws[round] = Stopwatch.GetElapsedTime(start, drawn).TotalMilliseconds;
                updates[round] = Stopwatch.GetElapsedTime(drawn).TotalMilliseconds;
            }
            var (draw, update) = (draws.Order().ElementAt(Rounds / 2), updates.Order().ElementAt(Rounds / 2));
            output.WriteLine($"{task.Name,-24} {draw,10:0.000} {update,11:0.000} {draw / update,7:0.0 %}");
        }
    }
}
