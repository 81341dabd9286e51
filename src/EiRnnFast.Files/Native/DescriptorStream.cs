namespace EiRnnFast.Files.Native;

/// <summary>Writes to an open descriptor of this process, such as 2 for standard error. It is not closed.</summary>
/// <param name="descriptor">Its number.</param>
public sealed class DescriptorStream(int descriptor) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Whether the process was started with a descriptor open; a free one is filled with the null device.</summary>
    /// <param name="descriptor">0, 1 or 2.</param>
    public static bool IsInherited(int descriptor) => SystemCalls.IsInherited(descriptor);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => SystemCalls.Write(descriptor, buffer);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
