using EiRnnFast.Kernels;
using EiRnnFast.Numerics;
using EiRnnFast.Threads;

namespace EiRnnFast.Training;

/// <summary>
/// Who computes an update: the calling thread, and others beside it. Each has a share of the network's columns, which it alone writes.
/// What a share holds does not depend on the others, so the number of members changes no bit.
/// </summary>
internal sealed class Crew : IDisposable
{
    /// <summary>Elementwise parts begin on cache lines.</summary>
    private const int Line = 16;

    private readonly KernelSet _kernels;
    private readonly int _units;
    private readonly List<AlignedBuffer> _panels = [];
    private ThreadTeam _team = new(1);
    private Columns[] _columns = [default];

    public Crew(KernelSet kernels, int units) => (_kernels, _units) = (kernels, units);

    /// <summary>Members, the calling thread included.</summary>
    public int Size => _team.Size;

    /// <summary>Takes so many members from now on; not inside <see cref="Run"/>.</summary>
    public void Take(int members)
    {
        if (members == Size) return;
        _team.Dispose();
        _team = new ThreadTeam(members);
        _columns = _kernels.Divide(_units, members);
        while (_panels.Count < members - 1) _panels.Add(new AlignedBuffer(_kernels.PanelScratch(_units)));
    }

    /// <summary>Calls the work with the number of each member, from 0, and waits for all.</summary>
    public void Run(Action<int> work) => _team.Run(work);

    /// <summary>Waits until all members are here; what they wrote before is then seen by all.</summary>
    public void Meet() => _team.Meet();

    /// <summary>A member's columns.</summary>
    public Columns ColumnsOf(int member) => _columns[member];

    /// <summary>A member's scratch memory for a panel; empty for the first one, which uses the workspace's.</summary>
    public Span<float> PanelOf(int member) => member == 0 ? [] : _panels[member - 1].Span;

    /// <summary>A member's part of some rows, about as many as the others have.</summary>
    /// <param name="member">Its number.</param>
    /// <param name="rows">Rows in all.</param>
    /// <param name="multiple">Parts begin at multiples of this.</param>
    public (int First, int End) RowsOf(int member, int rows, int multiple = 1)
    {
        var groups = (rows + multiple - 1) / multiple;
        return (Math.Min(rows, (int)((long)groups * member / Size) * multiple),
            Math.Min(rows, (int)((long)groups * (member + 1) / Size) * multiple));
    }

    /// <summary>A member's part of what is done element by element.</summary>
    public Span<float> PartOf(int member, Span<float> values)
    {
        var (first, end) = RowsOf(member, values.Length, Line);
        return values[first..end];
    }

    /// <summary>Ends the other threads.</summary>
    public void Dispose() => _team.Dispose();
}
