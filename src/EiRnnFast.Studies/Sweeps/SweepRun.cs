using System.Buffers.Binary;
using System.Text;
using EiRnnFast.Files;
using EiRnnFast.Settings;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>One run of a plan.</summary>
/// <param name="Id">16 hexadecimal digits that follow from the settings and the seed alone.</param>
/// <param name="Settings">What is trained, seed included.</param>
/// <param name="Cost">Expected seconds on the reference machine, see <see cref="CostModel"/>.</param>
public sealed record SweepRun(string Id, RunSettings Settings, double Cost)
{
    /// <summary>The id of settings: the start of the SHA-256 of their description and seed.</summary>
    public static string IdOf(string description, long seed)
    {
        var hash = Sha256.Hash(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{description}seed={seed}\n")));
        return Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }

    /// <summary>The settings that are not the default, one <c>name=value</c> a line, seed left out.</summary>
    public static string Describe(RunSettings settings) =>
        string.Concat(settings.Describe().Select(pair => $"{pair.Key}={pair.Value}\n"));

    /// <summary>
    /// The seed of a replica, the same for all settings of a plan, so that they are compared on the same draws. The plan's seed sets the
    /// start, and the finaliser of MurmurHash3, which maps 32 bits one to one, spreads the replicas: no two of a plan have the same.
    /// </summary>
    public static long SeedOf(long planSeed, long replica)
    {
        var hash = Sha256.Hash(Encoding.UTF8.GetBytes(FormattableString.Invariant($"plan seed {planSeed}")));
        var bits = unchecked(BinaryPrimitives.ReadUInt32BigEndian(hash) + (uint)replica);
        bits = (bits ^ bits >> 16) * 0x85ebca6b;
        bits = (bits ^ bits >> 13) * 0xc2b2ae35;
        return bits ^ bits >> 16;
    }
}
