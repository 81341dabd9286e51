using EiRnnFast.Kernels;
using EiRnnFast.Settings;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>What of the machine's memory the runs of a sweep may hold at a time. Not safe to share between threads: its owner
/// locks.</summary>
internal sealed class MemoryBudget
{
    private readonly KernelSet _kernels;
    private readonly Dictionary<(string, int, uint), long> _dataSets = [];
    private long _left, _garbage;

    /// <summary>A budget of so many bytes for the process as a whole; null for nine tenths of what is free now.</summary>
    public MemoryBudget(long? bytes, KernelSet kernels)
    {
        _kernels = kernels;
        Total = bytes ?? Free();
        _left = Total - CostModel.ProcessBytes;
    }

    /// <summary>Nine tenths of what is free now, bytes.</summary>
    public static long Free()
    {
        GC.Collect(); // without one, the figures below are not there yet
        var machine = GC.GetGCMemoryInfo();
        return (long)(0.9 * Math.Max(0, machine.TotalAvailableMemoryBytes - machine.MemoryLoadBytes));
    }

    /// <summary>Bytes in all.</summary>
    public long Total { get; }

    /// <summary>Takes what a run needs, if it is there. A data set is taken once and stays.</summary>
    public bool TryTake(RunSettings settings)
    {
        var run = BytesOf(settings);
        var isCounted = !settings.SharesDataSet || _dataSets.ContainsKey(DataSets.KeyOf(settings));
        var data = isCounted ? 0 : CostModel.DataSetBytes(settings);
        if (run + data > _left) return false;
        _left -= run + data;
        if (data > 0) _dataSets[DataSets.KeyOf(settings)] = data;
        return true;
    }

    /// <summary>Gives back what a run held.</summary>
    public void Return(RunSettings settings)
    {
        var bytes = BytesOf(settings);
        _left += bytes;
        if ((_garbage += bytes) > Total / 8) Collect(); // the collector does not know how little there may be
    }

    /// <summary>Gives back what the data sets held.</summary>
    public void ReturnDataSets()
    {
        _left += _dataSets.Values.Sum();
        _dataSets.Clear();
        Collect();
    }

    private void Collect()
    {
        _garbage = 0;
        GC.Collect();
    }

    /// <summary>What ends with the run, its data set included if no other run has it.</summary>
    private long BytesOf(RunSettings settings) =>
        CostModel.Bytes(settings, _kernels) + (!settings.SharesDataSet ? CostModel.DataSetBytes(settings) : 0);
}
