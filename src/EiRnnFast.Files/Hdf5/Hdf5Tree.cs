namespace EiRnnFast.Files;

/// <summary>B-trees of version 1: what groups and chunked datasets of HDF5 are found by.</summary>
internal static class Hdf5Tree
{
    /// <summary>The keys and children of all leaves below an address, from left to right.</summary>
    /// <param name="file">The file.</param>
    /// <param name="root">The address of the tree.</param>
    /// <param name="type">0 for a group, 1 for chunks.</param>
    /// <param name="keyBytes">Length of a key.</param>
    public static IEnumerable<(ReadOnlyMemory<byte> Key, ulong Child)> Leaves(Hdf5File file, ulong root, int type, int keyBytes)
    {
        HashSet<ulong> seen = [];
        Stack<(ulong Address, int Level)> nodes = new([(root, -1)]);
        while (nodes.TryPop(out var node))
        {
            if (!seen.Add(node.Address)) throw Hdf5Piece.Damaged();
            var head = file.At(node.Address, 24);
            head.Expect("TREE"u8);
            var (ownType, level, count) = (head.Byte(), head.Byte(), head.UInt16());
            if (ownType != type || node.Level >= 0 && level != node.Level) throw Hdf5Piece.Damaged();
            var entries = file.At(node.Address + 24, (ulong)(count * (keyBytes + 8)));
            var children = new (ReadOnlyMemory<byte> Key, ulong Child)[count];
            for (var i = 0; i < count; i++) children[i] = (entries.Part(keyBytes), entries.UInt64());
            if (level > 0) foreach (var (_, child) in children.Reverse()) nodes.Push((child, level - 1));
            else foreach (var child in children) yield return child;
        }
    }
}

/// <summary>Bits of a field of flags.</summary>
internal static class Hdf5Flags
{
    public static bool HasBit(this int flags, int bit) => (flags & bit) != 0;

    public static bool HasBit(this byte flags, int bit) => (flags & bit) != 0;
}
