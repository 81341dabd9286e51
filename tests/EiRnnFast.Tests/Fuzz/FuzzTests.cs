using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace EiRnnFast.Tests.Fuzz;

/// <summary>
/// Damaged files for every reader, in this process: it reads them or refuses them with one of the two errors of this library.
/// EIRNN_FUZZ sets their number (tests/fuzz/run), and then no file may take over 2 s or 500 MB; EIRNN_FUZZ_SEED sets the seed.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int ShortCount = 1000, MostFailures = 10;
    private const long MostBytes = 500_000_000;

    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(2), s_hung = TimeSpan.FromSeconds(60);

    [Fact]
    public void Readers_read_or_refuse_damaged_files()
    {
        var isLong = int.TryParse(Environment.GetEnvironmentVariable("EIRNN_FUZZ"), CultureInfo.InvariantCulture, out var count);
        if (!isLong) count = ShortCount;
        if (!int.TryParse(Environment.GetEnvironmentVariable("EIRNN_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed)) seed = 1;
        var readers = FuzzReader.All(withStore: isLong);
        var turns = readers.SelectMany(reader => Enumerable.Repeat(reader, reader.Share)).ToArray();
        var tallies = readers.ToDictionary(reader => reader, _ => new Tally());
        List<string> failures = [];
        var scratch = Directory.CreateTempSubdirectory("eirnn-fuzz-").FullName;
        long started = Stopwatch.GetTimestamp();
        var now = "";

        var worker = new Thread(() =>
        {
            for (var i = 0; i < count && failures.Count < MostFailures; i++)
            {
                var reader = turns[i % turns.Length];
                // A folder of its own: what is left of a process that died is the file that killed it.
                var folder = Directory.CreateDirectory(Path.Combine(scratch,
                    FormattableString.Invariant($"{reader.Name}-seed{seed}-{i}"))).FullName;
                var path = Path.Combine(folder, reader.FileName);
                File.WriteAllBytes(path, Mutation.Of(reader.Seeds, new Random(unchecked(seed * 1_000_003 + i))));
                Volatile.Write(ref now, path);
                Volatile.Write(ref started, Stopwatch.GetTimestamp());
                if (tallies[reader].Add(reader, path, isLong) is { } failure) failures.Add($"{path}: {failure}");
                else Directory.Delete(folder, recursive: true);
            }
        });
        worker.IsBackground = true;
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
            Assert.True(Stopwatch.GetElapsedTime(Volatile.Read(ref started)) < s_hung, $"{Volatile.Read(ref now)}: no end");
        SqliteConnection.ClearAllPools();

        output.WriteLine($"{count} files, seed {seed}");
        foreach (var (reader, tally) in tallies) output.WriteLine($"{reader.Name,-8} {tally}");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.All(tallies, entry => Assert.True(entry.Value.HasRead, $"{entry.Key.Name}: no file was sound enough to be read"));
        Directory.Delete(scratch, recursive: true);
    }

    private sealed class Tally
    {
        private int _read, _refused;
        private TimeSpan _slowest, _sum;
        private long _largest;

        public bool HasRead => _read > 0;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{_read,6} read, {_refused,6} refused, {_sum.TotalSeconds:F1} s, slowest {_slowest.TotalMilliseconds:F0} ms, "
            + $"most memory {_largest / 1e6:F0} MB");

        /// <summary>Reads one file and says what is wrong with the way it went; null if nothing is.</summary>
        public string? Add(FuzzReader reader, string path, bool isTimed)
        {
            var (failure, time, bytes) = Run(reader, path, out var isRefused);
            if (isTimed && time > s_most) time = Run(reader, path, out _).Time; // once more: another program may have had the processor
            if (isRefused) _refused++;
            else _read++;
            _sum += time;
            _slowest = time > _slowest ? time : _slowest;
            _largest = Math.Max(_largest, bytes);
            return failure ?? (bytes > MostBytes ? $"{bytes / 1_000_000} MB" : isTimed && time > s_most ? $"{time.TotalSeconds:F1} s"
                : null);
        }

        private static (string? Failure, TimeSpan Time, long Bytes) Run(FuzzReader reader, string path, out bool isRefused)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            string? failure = null;
            isRefused = false;
            try
            {
                reader.Read(path);
            }
            catch (EiRnnException e)
            {
                isRefused = true;
                if (e.Message.Any(char.IsControl) || e.Message.Length > 1200 + path.Length) failure = $"the message '{e.Message}'";
            }
            catch (Exception e)
            {
                failure = e.ToString();
            }
            return (failure, Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }
}
