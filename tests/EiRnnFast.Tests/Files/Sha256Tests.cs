using System.Security.Cryptography;
using EiRnnFast.Files;

namespace EiRnnFast.Tests.Files;

public sealed class Sha256Tests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Published_vectors(string text, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Sha256.Hash(System.Text.Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Every_length_agrees_with_the_runtime_from_memory_and_from_a_stream()
    {
        var random = new Random(1);
        foreach (var length in Enumerable.Range(0, 200).Concat([65_535, 65_536, 65_537, 200_000]))
        {
            var data = new byte[length];
            random.NextBytes(data);
            var expected = SHA256.HashData(data);
            Assert.Equal(expected, Sha256.Hash(data));
            using var stream = new MemoryStream(data);
            Assert.Equal(expected, Sha256.Hash(stream));
        }
    }
}
