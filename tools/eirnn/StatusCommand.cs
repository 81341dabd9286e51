using System.CommandLine;
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
        var command = new Command("status", "Show where a sweep stands: counts, pace, time left, and why runs failed.")
        {
            folder, json, quiet,
        };
        command.SetAction(parsed =>
        {
            StoreLibrary.Check();
            var status = SweepStatus.Of(SweepFolder.Existing(parsed.GetValue(folder)!));
            if (parsed.GetValue(json)) StandardStreams.PrintJson(status);
            else Print(status);
            if (status.Damaged.Count == 0) return ExitCodes.Done;
            foreach (var message in status.Damaged) StandardStreams.TellLine($"eirnn: {message}");
            return ExitCodes.BadInput;
        });
        return command;
    }

    private static void Print(SweepStatus status)
    {
        Console.WriteLine($"runs         {status.Done} of {status.Total} done, "
            + $"{status.Diverged} diverged, {status.Failed} failed, {status.Pending} pending");
        if (status.BesidePlan > 0)
            Console.WriteLine($"             {status.BesidePlan} more {Readable.Are(status.BesidePlan)} "
                + "recorded that the plan no longer holds");
        if (status.WithoutChecksum > 0)
            Console.WriteLine($"             {status.WithoutChecksum} {Readable.Are(status.WithoutChecksum)} "
                + "recorded without a checksum, by an earlier version");
        Console.WriteLine($"time left    {TimeLeft(status)}");
        PrintShards(status);
        foreach (var failure in status.Failures)
        {
            var more = failure.Count > failure.RunIds.Count ? ", …" : "";
            Console.WriteLine($"{failure.Status,-12} {failure.Count}: {failure.Reason} ({string.Join(", ", failure.RunIds)}{more})");
        }
    }

    private static string TimeLeft(SweepStatus status)
    {
        if (status.Damaged.Count > 0) return "not known: a store cannot be read, and its runs are not counted";
        if (status.Complete) return "none: complete";
        var pace = status.RunsPerHour is { } perHour ? $", {perHour:0.0} runs an hour" : "";
        if (status.SecondsLeft is { } left) return Readable.Time(left) + pace;
        if (status.Shards.Any(shard => shard.Active)) return "not known yet" + pace;
        var hasBegun = status.Shards.Any(shard => shard.Host is not null);
        return (hasBegun
            ? "nobody is at work: give the sweep command again, or wait for tasks in the queue" : "nobody has begun yet") + pace;
    }

    private static void PrintShards(SweepStatus status)
    {
        var count = status.Shards.Count;
        ShardStatus[] pending = [.. status.Shards.Where(shard => shard.Pending > 0)];
        var atWork = status.Shards.Count(shard => shard.Active);
        if (count > 1) Console.WriteLine($"shards       {count}, {atWork} at work, {count - pending.Length} complete");
        foreach (var shard in count <= ShardsShown ? status.Shards : pending.Take(ShardsShown))
            Console.WriteLine($"  {shard.Shard,-11} {Text(shard, status.Damaged.Count > 0)}");
        if (count > ShardsShown && pending.Length >= ShardsShown)
            Console.WriteLine($"  … and {pending.Length - ShardsShown} more not complete");
    }

    private static string Text(ShardStatus shard, bool isDamaged)
    {
        var diverged = shard.Diverged > 0 ? $", {shard.Diverged} diverged" : "";
        var failed = shard.Failed > 0 ? $", {shard.Failed} failed" : "";
        var work = shard.Active ? ", at work" : ", not at work";
        var unbegun = isDamaged ? "; not known" : "; not begun";
        var workers = Readable.Count((int)(shard.Workers ?? 0), "worker");
        var host = shard.Host is { } name ? $"; {name}, {workers}, last {shard.LastRecorded}" : unbegun;
        var left = shard is { Active: true, SecondsLeft: { } seconds } ? $", left {Readable.Time(seconds)}" : "";
        return $"{shard.Done} of {shard.Runs} done{diverged}{failed}{(shard.Pending == 0 ? "" : work)}{host}{left}";
    }
}
