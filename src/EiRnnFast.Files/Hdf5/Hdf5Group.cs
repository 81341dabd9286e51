namespace EiRnnFast.Files;

/// <summary>The forms in which h5py writes an attribute.</summary>
internal enum Hdf5AttributeForm
{
    /// <summary>One text of variable length, marked as ASCII (from Python's bytes).</summary>
    Ascii,

    /// <summary>One text of variable length, marked as UTF-8 (from Python's str).</summary>
    Utf8,

    /// <summary>Texts of variable length, marked as ASCII.</summary>
    AsciiList,

    /// <summary>Texts of the length of the longest, filled up with NUL.</summary>
    FixedList,

    /// <summary>No values, of double precision: what NumPy makes of an empty list.</summary>
    EmptyList,
}

/// <summary>An attribute to be written.</summary>
internal sealed record Hdf5Attribute(string Name, Hdf5AttributeForm Form, params string[] Texts);

/// <summary>A group to be written: attributes in their order, and named groups and matrices of single precision.</summary>
internal sealed class Hdf5Group
{
    public List<Hdf5Attribute> Attributes { get; init; } = [];

    /// <summary>Groups (<see cref="Hdf5Group"/>) and matrices or vectors (<see cref="NpyArray"/> of floats), in the order of their
    /// bytes.</summary>
    public SortedDictionary<string, object> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>The group at a path below this one, made where it is missing.</summary>
    public Hdf5Group At(string path)
    {
        var group = this;
        foreach (var name in path.Split('/'))
        {
            if (!group.Children.TryGetValue(name, out var child)) group.Children[name] = child = new Hdf5Group();
            group = (Hdf5Group)child;
        }
        return group;
    }
}
