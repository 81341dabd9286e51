using System.Diagnostics;
using EiRnnFast.Benchmarks;
using EiRnnFast.Kernels;

foreach (var units in args.Length > 0 ? args.Select(int.Parse) : [50, 100, 200, 500])
    foreach (var sharing in new[] { false, true })
    {
        var loop = new UpdateLoop(units, sharing, KernelSet.Current);
        var times = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var start = Stopwatch.GetTimestamp();
            loop.Update();
            if (i >= 5) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        Console.WriteLine($"{units} sharing {sharing}: {times[times.Count / 2]:f2} ms, {UpdateLoop.Operations(units) / times[times.Count / 2] / 1e6:f1} GFLOP/s");
    }
