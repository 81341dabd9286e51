using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace EiRnnFast.Settings;

/// <summary>
/// The names of an enumeration's values, in their order. It is compiled ahead of time for every enumeration of this library;
/// a <see cref="Dictionary{TKey, TValue}"/> is not, and the dozen tables of <see cref="SettingNames"/> cost each start 60 ms.
/// </summary>
internal sealed class NameTable<T> : IReadOnlyDictionary<string, T>, IEnumerable where T : struct, Enum
{
    private readonly List<string> _names = [];
    private readonly List<object> _values = []; // boxed: one kind of list for all

    public T this[string name]
    {
        get => TryGetValue(name, out var value) ? value
            : throw new KeyNotFoundException($"name: found '{name}', expected one of {string.Join(", ", _names)}");
        init
        {
            _names.Add(name);
            _values.Add(value);
        }
    }

    public int Count => _names.Count;

    public IEnumerable<string> Keys => _names;

    public IEnumerable<T> Values => _values.Cast<T>();

    public bool ContainsKey(string key) => _names.Contains(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        var index = _names.IndexOf(key);
        value = index >= 0 ? (T)_values[index] : default;
        return index >= 0;
    }

    public string Of(T value) => _names[_values.IndexOf(value)];

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++) yield return new KeyValuePair<string, T>(_names[index], (T)_values[index]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
