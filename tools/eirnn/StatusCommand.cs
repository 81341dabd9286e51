using System.CommandLine;
using System.Text.Json;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn status DIR</c>: where a sweep stands, over all its shards.</summary>
internal static class StatusCommand
{
    /// <summary>Shards listed to a person; JSON has them all.</summary>
    private const int ShardsShown = 20;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of the sweep." };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("status", "Show where a sweep stands: counts, pace, time left, and why runs failed.") { folder, json, quiet };
        command.SetAction(parsed =>
        {
            StoreLibrary.Check();
            var status = SweepStatus.Of(SweepFolder.Existing(parsed.GetValue(folder)!));
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(status, TrainingSummary.Json));
            else Print(status);
            if (status.Damaged.Count == 0) return ExitCodes.Done;
            foreach (var message in status.Damaged) StandardStreams.TellLine($"eirnn: {message}");
            return ExitCodes.BadInput;
        });
        return command;
    }

    private static void Print(SweepStatus status)
    {
        Console.WriteLine($"runs         {status.Done} of {status.Total} done, {status.Diverged} diverged, {status.Failed} failed, {status.Pending} pending");
        if (status.BesidePlan > 0) Console.WriteLine($"             {status.BesidePlan} more are recorded that the plan no longer holds");
        if (status.WithoutChecksum > 0) Console.WriteLine($"             {status.WithoutChecksum} are recorded without a checksum, by an earlier version");
        var active = status.Shards.Count(shard => shard.Active);
        if (status.Damaged.Count > 0) Console.WriteLine("time left    not known: a store cannot be read, and its runs are not counted");
        else Console.WriteLine(status.Complete ? "time left    none: complete" : $"time left    {(status.SecondsLeft is { } left ? Clock.Text(TimeSpan.FromSeconds(Math.Min(left, 1e9)))
            : active > 0 ? "not known yet" : status.Shards.All(shard => shard.Host is null) ? "nobody has begun yet" : "nobody is at work: give the sweep command again")}{(status.RunsPerHour is { } pace ? $", {pace:0.0} runs an hour" : "")}");
        if (status.Shards.Count > 1) Console.WriteLine($"shards       {status.Shards.Count}, {active} at work, {status.Shards.Count(shard => shard.Pending == 0)} complete");
        var shown = status.Shards.Where(shard => status.Shards.Count <= ShardsShown || shard.Pending > 0).Take(ShardsShown).ToArray();
        foreach (var shard in shown)
            Console.WriteLine($"  {shard.Shard,-11} {shard.Done} of {shard.Runs} done{(shard.Diverged > 0 ? $", {shard.Diverged} diverged" : "")}{(shard.Failed > 0 ? $", {shard.Failed} failed" : "")}" +
                $"{(shard.Pending == 0 ? "" : shard.Active ? ", at work" : ", not at work")}{(shard.Host is { } host ? $"; {host}, {shard.Workers} workers, last {shard.LastRecorded}" : status.Damaged.Count > 0 ? "; not known" : "; not begun")}" +
                $"{(shard is { Active: true, SecondsLeft: { } seconds } ? $", left {Clock.Text(TimeSpan.FromSeconds(Math.Min(seconds, 1e9)))}" : "")}");
        if (shown.Length < status.Shards.Count && shown.Length == ShardsShown) Console.WriteLine($"  … and {status.Shards.Count(shard => shard.Pending > 0) - ShardsShown} more that are not complete");
        foreach (var failure in status.Failures)
            Console.WriteLine($"{failure.Status,-12} {failure.Count}: {failure.Reason} ({string.Join(", ", failure.RunIds)}{(failure.Count > failure.RunIds.Count ? ", …" : "")})");
    }
}
