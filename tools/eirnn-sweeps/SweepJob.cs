using System.Text;
using System.Text.Json;
using EiRnnFast.Files;
using EiRnnFast.Kernels;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Sweeps;

/// <summary>
/// Runs a sweep. Its order is one line of JSON on standard input: <c>plan</c> (TOML), <c>name</c> (how messages name it), <c>base</c>
/// (folder of its task files), <c>workers</c>, <c>threads</c>, <c>keep_weights</c>, <c>retry_failed</c>, <c>kernels</c>, <c>lapack</c>.
/// Progress goes to standard output, one object a line. When standard input ends, runs under way are left, to go on next time: so the
/// program ends with the one that called it.
/// </summary>
internal static class SweepJob
{
    private const int Left = 130, Failed = 3;

    public static int Run(string folder)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        using var order = JsonDocument.Parse(input.ReadLine() ?? "{}");
        var plan = SweepPlan.Parse(Text("plan") ?? "", Text("name") ?? "plan", Text("base"));
        var options = new SweepOptions
        {
            Workers = Number("workers"),
            Threads = Number("threads"),
            KeepWeights = Flag("keep_weights"),
            RetryFailed = Flag("retry_failed"),
            Backend = new Backend(Text("kernels") is { } set ? KernelSet.Get(set) : KernelSet.Current,
                Text("lapack") is { } library ? EigenSolver.Get(library) : EigenSolver.Current),
        };
        options.Validate();
        var prepared = OutputFolder.Prepare(folder);
        using var leave = new CancellationTokenSource();
        _ = input.BaseStream.CopyToAsync(Stream.Null).ContinueWith(_ => leave.Cancel(), TaskScheduler.Default);
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        try
        {
            var end = Sweep.Run(plan, SweepFolder.At(folder), options, progress => output.WriteLine(Line(progress)),
                leave.Token, leave.Token);
            output.WriteLine(Line(end));
            return end.Pending > 0 ? Left : end.Failed > 0 ? Failed : 0;
        }
        catch
        {
            prepared.Withdraw();
            throw;
        }

        string? Text(string name) => order.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
        int? Number(string name) =>
            order.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
        bool Flag(string name) => order.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
    }

    private static string Line(SweepProgress progress)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("total", progress.Total);
            json.WriteNumber("done", progress.Done);
            json.WriteNumber("diverged", progress.Diverged);
            json.WriteNumber("failed", progress.Failed);
            json.WriteNumber("pending", progress.Pending);
            json.WriteNumber("recorded", progress.Recorded);
            json.WriteNumber("running", progress.Running);
            json.WriteNumber("without_analyses", progress.WithoutAnalyses);
            json.WriteNumber("beside_plan", progress.BesidePlan);
            json.WriteNumber("seconds", progress.Elapsed.TotalSeconds);
            if (progress.Left is { } left) json.WriteNumber("seconds_left", left.TotalSeconds);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
