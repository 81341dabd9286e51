using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace EiRnnFast.Threads;

/// <summary>
/// Threads that compute one thing together, the calling one among them: each runs the same work with its own number, and all meet where
/// one needs what another has written. They are the engine's only threads; kernels know nothing of them.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    /// <summary>Looks at a place before the core is given to others; a look takes about 40 ns.</summary>
    private const int Looks = 2000;

    /// <summary>
    /// Offers of the core before a member sleeps, in a team larger than the cores, whose own members wait for it. Otherwise it is other
    /// programs that want the core: an offer gives it away for milliseconds, while a sleeper is back as soon as it is called.
    /// </summary>
    private const int Offers = 20;

    private readonly Thread[] _others;
    private readonly object _door = new();
    private readonly int _looks, _offers;
    private Action<int> _work = _ => { };
    private ExceptionDispatchInfo? _failure;
    private bool _isOver;
    private Places _places;

    /// <summary>Starts the other threads; they wait for work.</summary>
    /// <param name="size">Members, 1 or more. More than there are cores are allowed, and slow.</param>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        (_looks, _offers) = size > Cores ? (0, Offers) : (Looks, 0); // another member may need this very core
        _others = new Thread[size - 1];
        for (var i = 0; i < _others.Length; i++)
        {
            var member = i + 1;
            _others[i] = new Thread(() => Serve(member)) { Name = $"EiRnnFast member {member}", IsBackground = true };
            _others[i].Start();
        }
    }

    /// <summary>Cores that this process may use.</summary>
    public static int Cores => Environment.ProcessorCount;

    /// <summary>Members, the calling thread included.</summary>
    public int Size { get; }

    /// <summary>
    /// Calls <paramref name="work"/> with 0 on this thread and with 1 … Size−1 on the others, and waits for all. One call at a time.
    /// Where a member throws, the others leave at their next meeting, and the first exception is thrown here.
    /// </summary>
    public void Run(Action<int> work)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        if (Size == 1)
        {
            work(0);
            return;
        }
        (_work, _failure) = (work, null);
        (_places.Arrived, _places.IsBroken) = (0, 0);
        Volatile.Write(ref _places.Busy, Size - 1);
        lock (_door)
        {
            _places.Round++;
            Monitor.PulseAll(_door);
        }
        Do(0);
        for (int look = 0, busy; (busy = Volatile.Read(ref _places.Busy)) != 0; look++) Wait(look, ref _places.Busy, busy);
        _failure?.Throw();
    }

    /// <summary>Returns when all members have called it; all then see what each wrote before. Inside <see cref="Run"/> only.</summary>
    public void Meet()
    {
        if (Size == 1) return;
        var meeting = Volatile.Read(ref _places.Meeting);
        if (Interlocked.Increment(ref _places.Arrived) == Size)
        {
            _places.Arrived = 0;
            Interlocked.Increment(ref _places.Meeting);
            WakeSleepers();
            return;
        }
        for (var look = 0; Volatile.Read(ref _places.Meeting) == meeting; look++)
        {
            if (Volatile.Read(ref _places.IsBroken) != 0) throw new BrokenMeetingException();
            Wait(look, ref _places.Meeting, meeting);
        }
    }

    /// <summary>
    /// Calls <paramref name="body"/> with 0 … count−1, each once, on up to <paramref name="threads"/> threads, the next free one taking the
    /// next number. Every thread has a state of its own. The exception of the lowest number is thrown, whatever the number of threads.
    /// </summary>
    public static void ForEach<TState>(int count, int threads, Func<TState> state, Action<int, TState> body,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (count < 1) return;
        using var team = new ThreadTeam(Math.Min(threads, count));
        var next = -1;
        var failedAt = int.MaxValue;
        ExceptionDispatchInfo? failure = null;
        var guard = new object();
        team.Run(_ =>
        {
            var own = state();
            for (int i; (i = Interlocked.Increment(ref next)) < Math.Min(count, Volatile.Read(ref failedAt));)
                try
                {
                    cancellation.ThrowIfCancellationRequested();
                    body(i, own);
                }
                catch (Exception e)
                {
                    lock (guard)
                        if (i < failedAt) (failedAt, failure) = (i, ExceptionDispatchInfo.Capture(e));
                }
        });
        failure?.Throw();
    }

    /// <summary>The same of work that needs no state.</summary>
    public static void ForEach(int count, int threads, Action<int> body, CancellationToken cancellation = default) =>
        ForEach(count, threads, () => 0, (i, _) => body(i), cancellation);

    /// <summary>Runs something beside the caller, on a thread of the runtime's pool.</summary>
    public static Task<TResult> Beside<TResult>(Func<TResult> work) => Task.Run(work);

    /// <summary>Ends the other threads.</summary>
    public void Dispose()
    {
        lock (_door)
        {
            _isOver = true;
            Monitor.PulseAll(_door);
        }
        foreach (var thread in _others) thread.Join();
    }

    private void Serve(int member)
    {
        for (var done = 0; ; done++)
        {
            for (var look = 0; look < _looks && Volatile.Read(ref _places.Round) == done; look++) Thread.SpinWait(1);
            lock (_door)
            {
                while (_places.Round == done && !_isOver) Monitor.Wait(_door);
                if (_isOver) return;
            }
            Do(member);
            Interlocked.Decrement(ref _places.Busy);
            WakeSleepers();
        }
    }

    private void Do(int member)
    {
        try
        {
            _work(member);
        }
        catch (BrokenMeetingException)
        {
            // another member has failed, and said so
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            Interlocked.Exchange(ref _places.IsBroken, 1);
            WakeSleepers();
        }
    }

    /// <summary>One look's time, or sleep until the place may hold another value.</summary>
    private void Wait(int look, ref int place, int value)
    {
        if (look < _looks) Thread.SpinWait(1);
        else if (look < _looks + _offers) Thread.Yield();
        else
            lock (_door)
            {
                Interlocked.Increment(ref _places.Asleep);
                if (Volatile.Read(ref place) == value && Volatile.Read(ref _places.IsBroken) == 0) Monitor.Wait(_door);
                Interlocked.Decrement(ref _places.Asleep);
            }
    }

    /// <summary>Called after a change that members wait for. Who counts as asleep before it looks cannot miss the change.</summary>
    private void WakeSleepers()
    {
        if (Volatile.Read(ref _places.Asleep) == 0) return;
        lock (_door) Monitor.PulseAll(_door);
    }

    /// <summary>What members watch, each on cache lines of its own (two, which come together).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    private struct Places
    {
        [FieldOffset(128)] public int Arrived;
        [FieldOffset(256)] public int Meeting;
        [FieldOffset(260)] public int IsBroken;
        [FieldOffset(264)] public int Asleep;
        [FieldOffset(384)] public int Round;
        [FieldOffset(512)] public int Busy;
    }

    private sealed class BrokenMeetingException : Exception;
}
