using System.Collections.Concurrent;

namespace EiRnnFast.CAbi;

/// <summary>What callers hold: numbers, never addresses. A number that is freed, or never was, is refused; none is given twice.</summary>
internal static class Handles
{
    private static readonly ConcurrentDictionary<ulong, Entry> s_entries = [];

    // Not from 1: a small number that a caller has from elsewhere is no handle.
    private static ulong s_last = 0xE1_0000_0000;

    public static ulong Add(object held)
    {
        var handle = Interlocked.Increment(ref s_last);
        s_entries[handle] = new Entry(held);
        return handle;
    }

    /// <summary>Takes what a handle holds, for this thread alone, until it is disposed.</summary>
    /// <exception cref="InvalidInputException">No handle of that kind, or one that another call uses.</exception>
    public static Taken<T> Take<T>(ulong handle) where T : class
    {
        var entry = Find<T>(handle);
        if (!entry.TryTake())
            throw InvalidInputException.Of(NameOf(typeof(T)), "a handle that another call uses", "one call at a time",
                "wait for it, or use a handle of each thread's own");
        return new Taken<T>(entry);
    }

    /// <summary>What a handle holds, whoever uses it.</summary>
    /// <exception cref="InvalidInputException">No handle of that kind.</exception>
    public static T Look<T>(ulong handle) where T : class => (T)Find<T>(handle).Held;

    /// <exception cref="InvalidInputException">No handle, or one that another call uses.</exception>
    public static void Free(ulong handle)
    {
        using (Take<object>(handle)) s_entries.TryRemove(handle, out _);
    }

    /// <summary>Frees a handle that another call may use: it keeps what it took.</summary>
    public static void Forget(ulong handle) => s_entries.TryRemove(handle, out _);

    private static Entry Find<T>(ulong handle)
    {
        if (s_entries.TryGetValue(handle, out var entry) && entry.Held is T) return entry;
        var name = NameOf(typeof(T));
        throw entry is null
            ? InvalidInputException.Of(name, $"{handle}, which is no handle", $"the handle of {name}", "use it before it is freed")
            : InvalidInputException.Of(name, NameOf(entry.Held.GetType()), $"the handle of {name}", "hand over the other one");
    }

    private static string NameOf(Type type) => type == typeof(Run) ? "a run" : type == typeof(Model.EiRnn) ? "a network"
        : type == typeof(Spectra.Spectrum) ? "a spectrum" : type == typeof(Dynamics.FixedPoints) ? "fixed points" : "anything";

    internal sealed class Entry(object held)
    {
        private int _isTaken;

        public object Held => held;

        public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

        public void Return() => Volatile.Write(ref _isTaken, 0);
    }

    /// <summary>What a handle holds, until it is disposed.</summary>
    internal readonly struct Taken<T>(Entry entry) : IDisposable where T : class
    {
        public T Held => (T)entry.Held;

        public void Dispose() => entry.Return();
    }
}
