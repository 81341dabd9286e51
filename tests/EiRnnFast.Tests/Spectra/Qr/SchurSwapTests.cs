using EiRnnFast.Spectra.Qr;

namespace EiRnnFast.Tests.Spectra.Qr;

/// <summary>Exchanged blocks of a Schur form: the eigenvalues move, the matrix that it stands for stays.</summary>
public sealed unsafe class SchurSwapTests
{
    [Fact]
    public void The_last_block_moves_to_the_first_place_through_all_kinds_of_neighbours()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var n = 4 + seed % 9;
            double[] t = Matrices.Gaussian(n, seed), basis = Matrices.Of(n, (i, j) => i == j ? 1 : 0);
            Assert.True(EigenQr.Schur(t, n));
            double[] before = [.. t];
            fixed (double* first = t, rows = basis)
            {
                var from = n - 1;
                if (n > 1 && t[(n - 1) * n + n - 2] != 0) from--;
                var (size, value) = (n - from, t[from * n + from]);
                var swap = new SchurSwap(first, n, n, new SchurBasis((nint)rows, n, n));
                Assert.True(swap.MoveUp(ref from, 0));
                Assert.Equal(0, from);
                Assert.Equal(size, swap.SizeAt(0));
                Assert.Equal(value, t[0], 1e-12);
            }
            // basis: the transposed Q of t = QᵀBQ
            var q = Matrices.Of(n, (i, j) => basis[j * n + i]);
            var back = HardMatrices.Product(HardMatrices.Product(q, t, n), basis, n);
            for (var k = 0; k < n * n; k++) Assert.Equal(before[k], back[k], 1e-12);
            var square = HardMatrices.Product(q, basis, n);
            for (var k = 0; k < n * n; k++) Assert.Equal(k / n == k % n ? 1 : 0, square[k], 1e-13);
        }
    }

    [Theory]
    [InlineData(1, 2, 3, 4)]
    [InlineData(1, 2, -3, 1)]
    [InlineData(1, 0, 3, 4)]
    [InlineData(1, 2, 0, 4)]
    [InlineData(0.5, 1e-9, -1e-8, 0.5)]
    [InlineData(2, 1e-16, 1e-16, 2)]
    [InlineData(-1, 5, -5, 1)]
    public void Standard_blocks_have_the_eigenvalues_of_theirs(double a, double b, double c, double d)
    {
        var block = StandardBlock.Of(a, b, c, d);
        Assert.Equal(1, block.Cosine * block.Cosine + block.Sine * block.Sine, 1e-14);
        Assert.Equal(a + d, block.A + block.D, 1e-14);
        Assert.Equal(a * d - b * c, block.A * block.D - block.B * block.C, 1e-13);
        Assert.True(block.C == 0 || (block.A == block.D && block.B * block.C < 0));
        // its rotation: [c s; −s c]·[a b; c d]·[c −s; s c]
        double top = block.Cosine * a + block.Sine * c, right = block.Cosine * b + block.Sine * d;
        Assert.Equal(block.A, top * block.Cosine + right * block.Sine, 1e-14);
        Assert.Equal(block.B, right * block.Cosine - top * block.Sine, 1e-14);
    }
}
