using System.Numerics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Tests.Spectra;

/// <summary>Many matrices at once: the same bits as one after the other, for any number of threads.</summary>
public sealed class EigenvalueStackTests
{
    private const int Count = 37, Size = 24;

    private static readonly double[] s_stack = [.. Enumerable.Range(0, Count).SelectMany(seed => Matrices.Gaussian(Size, seed))];

    [Theory]
    [InlineData("managed")]
    [InlineData("current")]
    public void Any_number_of_threads_finds_the_bits_of_one_matrix_after_the_other(string choice)
    {
        var solver = choice == "managed" ? EigenSolver.Own : EigenSolver.Current;
        Complex[][] expected = [.. Enumerable.Range(0, Count).Select(i => solver.Eigenvalues(MatrixOf(i), Size))];
        foreach (var threads in (int?[])[null, 1, 2, 3])
            for (var round = 0; round < 5; round++)
            {
                List<int> told = [];
                Assert.Equal(expected, Eigenvalues.OfMany(s_stack, Size, solver, threads, told.Add));
                Assert.Equal(Enumerable.Range(1, Count), told);
            }
        Assert.Equal(expected[3], Eigenvalues.Of(MatrixOf(3), Size, solver));
    }

    [Fact]
    public void Spectra_of_a_stack_are_those_of_its_matrices()
    {
        foreach (var threads in (int[])[1, 2, 3])
        {
            var spectra = Spectrum.OfMany(Count, i => MatrixOf(i).ToArray(), Size, threads: threads);
            for (var i = 0; i < Count; i++) Assert.Equal(Spectrum.Of(MatrixOf(i), Size).Eigenvalues, spectra[i].Eigenvalues);
        }
    }

    [Fact]
    public void A_matrix_that_cannot_be_used_is_named()
    {
        double[] bad = [.. s_stack];
        bad[5 * Size * Size + 7] = double.NaN;
        bad[9 * Size * Size] = double.PositiveInfinity;
        foreach (var threads in (int[])[1, 2, 3])
        {
            var e = Assert.Throws<InvalidInputException>(() => Eigenvalues.OfMany(bad, Size, threads: threads));
            Assert.StartsWith("matrix 5 of the stack: found NaN", e.Message, StringComparison.Ordinal);
        }
        Assert.Throws<InvalidInputException>(() => Eigenvalues.OfMany(new double[5], 2));
        Assert.Throws<InvalidInputException>(() => Eigenvalues.OfMany(new double[4], 0));
        Assert.Throws<InvalidInputException>(() => Eigenvalues.OfMany(s_stack, Size, threads: 0));
        Assert.Empty(Eigenvalues.OfMany(ReadOnlyMemory<double>.Empty, 3));
    }

    [Fact]
    public void It_ends_where_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var most = 0;
        Assert.Throws<OperationCanceledException>(() => Eigenvalues.OfMany(s_stack, Size, threads: 2, progress: done =>
        {
            most = done;
            if (done == 4) cancellation.Cancel();
        }, cancellation: cancellation.Token));
        Assert.InRange(most, 4, 6);
    }

    private static ReadOnlySpan<double> MatrixOf(int index) => s_stack.AsSpan(index * Size * Size, Size * Size);
}
