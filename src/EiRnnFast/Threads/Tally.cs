namespace EiRnnFast.Threads;

/// <summary>Tells how many pieces of work are done: one call at a time, each with one more, on the thread that has done it.</summary>
/// <param name="told">Is told; null for nobody.</param>
internal sealed class Tally(Action<int>? told)
{
    private readonly Lock _lock = new();
    private int _done;

    /// <summary>One more piece is done.</summary>
    public void Add()
    {
        if (told is null) return;
        lock (_lock) told(++_done);
    }
}
