using System.Runtime.InteropServices;
using System.Text;

namespace EiRnnFast.CAbi;

/// <summary>The border to C: an exception becomes a code and a sentence that its thread can read.</summary>
internal static unsafe class Border
{
    public const int Good = 0, BadInput = 2, FailedComputation = 3, Cancelled = 130;

    [ThreadStatic]
    private static Sentence? s_last;

    /// <summary>The sentence of the thread's last call that failed; empty before. It is there until the next one fails.</summary>
    public static byte* LastError => (s_last ??= new Sentence("")).Text;

    /// <summary>Runs a call.</summary>
    /// <returns>One of the codes.</returns>
    public static int Call(Action work)
    {
        try
        {
            work();
            return Good;
        }
        catch (InvalidInputException e)
        {
            return Fail(BadInput, e.Message);
        }
        catch (ComputationException e)
        {
            return Fail(FailedComputation, e.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(Cancelled, "cancelled");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Such as a working folder that is no longer there.
            return Fail(BadInput, $"file: found one that cannot be used ({e.Message.TrimEnd('.')}), expected a file in a folder that is "
                + "there; correct the path");
        }
        catch (OutOfMemoryException)
        {
            return Fail(FailedComputation,
                "memory: found too little, expected room for weights, states and trials; use fewer units, trials or steps");
        }
#pragma warning disable CA1031 // nothing may cross the border
        catch (Exception e)
        {
            return Fail(FailedComputation, $"engine: found a fault of its own ({e.GetType().Name}: {e.Message}), expected none; report it");
        }
#pragma warning restore CA1031
    }

    private static int Fail(int code, string sentence)
    {
        s_last = new Sentence(sentence);
        return code;
    }

    /// <summary>A text in memory that does not move; freed once its thread has another or has ended.</summary>
    private sealed class Sentence
    {
        public Sentence(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text.Replace('\0', ' '));
            Text = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(Text, bytes.Length));
        }

        ~Sentence() => NativeMemory.Free(Text);

        public byte* Text { get; }
    }
}
