namespace EiRnnFast.Studies.Sweeps;

/// <summary>Where one shard stands.</summary>
/// <param name="Shard">i/n.</param>
/// <param name="Runs">Runs dealt to it.</param>
/// <param name="Done">Trained and measured.</param>
/// <param name="Diverged">Diverged.</param>
/// <param name="Failed">Failed.</param>
/// <param name="Pending">Not recorded yet.</param>
/// <param name="Active">Whether a process is at work on it now.</param>
/// <param name="Host">Where its last session ran; null before there was one.</param>
/// <param name="Workers">Workers of that session.</param>
/// <param name="LastRecorded">When that session recorded last (or began).</param>
/// <param name="RunsPerHour">Expected runs an hour at the pace of that session; null without a pace.</param>
/// <param name="SecondsLeft">Expected time left at that pace; 0 when nothing is pending, null when nobody is at work or there is no pace
/// yet.</param>
public sealed record ShardStatus(
    string Shard, int Runs, int Done, int Diverged, int Failed, int Pending,
    bool Active, string? Host, long? Workers, string? LastRecorded, double? RunsPerHour, double? SecondsLeft);

/// <summary>Runs that failed or diverged for one reason.</summary>
/// <param name="Status">failed or diverged.</param>
/// <param name="Reason">Why; numbers in it stand as they were in the first of them.</param>
/// <param name="Count">How many.</param>
/// <param name="RunIds">The first five.</param>
public sealed record FailureReason(string Status, string Reason, int Count, IReadOnlyList<string> RunIds);

/// <summary>Where a sweep stands, over all its shards.</summary>
public sealed record SweepStatus
{
    /// <summary>Runs of the plan.</summary>
    public required int Total { get; init; }

    /// <summary>Trained and measured.</summary>
    public required int Done { get; init; }

    /// <summary>Diverged.</summary>
    public required int Diverged { get; init; }

    /// <summary>Failed.</summary>
    public required int Failed { get; init; }

    /// <summary>Not recorded yet.</summary>
    public int Pending => Total - Done - Diverged - Failed;

    /// <summary>Whether every run of the plan is recorded.</summary>
    public bool Complete => Pending == 0;

    /// <summary>Recorded runs that the plan no longer holds; exports have them too.</summary>
    public required int BesidePlan { get; init; }

    /// <summary>Recorded runs without a checksum, from an earlier version: nothing says whether their values are still those that were
    /// written.</summary>
    public required int WithoutChecksum { get; init; }

    /// <summary>Expected runs an hour of the shards at work; null when there are none, or no pace yet.</summary>
    public required double? RunsPerHour { get; init; }

    /// <summary>Expected time until the last shard at work is through; null when nobody is at work or there is no pace yet.</summary>
    public required double? SecondsLeft { get; init; }

    /// <summary>Shards that have a store, and, of the newest division of the plan, those that have none yet.</summary>
    public required IReadOnlyList<ShardStatus> Shards { get; init; }

    /// <summary>Why runs failed or diverged, most frequent first.</summary>
    public required IReadOnlyList<FailureReason> Failures { get; init; }

    /// <summary>Stores that cannot be read, each with the reason; their runs count as pending.</summary>
    public required IReadOnlyList<string> Damaged { get; init; }

    /// <summary>Reads all stores of a folder.</summary>
    /// <exception cref="InvalidInputException">No sweep in it.</exception>
    public static SweepStatus Of(SweepFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var plan = SweepPlan.Read(folder.PlanFile);
        List<string> damaged = [];
        Dictionary<string, (string Status, string? Reason, bool Checked)> recorded = [];
        Dictionary<Shard, StoreSession?> sessions = [];
        var active = folder.Active().ToHashSet();
        foreach (var (shard, path) in folder.Stores())
            try
            {
                sessions[shard] = StoreReader.LastSession(path);
                if (new FileInfo(path).Length == 0 && !active.Contains(shard)) throw StoreFile.Empty(path);
                foreach (var (id, status, reason, isChecked) in StoreReader.Outcomes(path))
                    if (!recorded.TryGetValue(id, out var known) || known.Status == RunStatus.Failed)
                        recorded[id] = (status, reason, isChecked);
            }
            catch (InvalidInputException e)
            {
                damaged.Add(e.Message);
            }
        var division = active.Count > 0 ? active.First().Count : LastDivision();
        var shards = Shard.Deal(plan, division).Select((runs, i) => StatusOf(new Shard(i + 1, division), runs)).ToArray();
        var ids = plan.Runs.Select(run => run.Id).ToHashSet();
        var outcomes = recorded.Where(entry => ids.Contains(entry.Key)).ToArray();
        var atWork = shards.Where(shard => shard.Active).ToArray();
        return new SweepStatus
        {
            Total = plan.Runs.Count,
            Done = Count(RunStatus.Done), Diverged = Count(RunStatus.Diverged), Failed = Count(RunStatus.Failed),
            BesidePlan = recorded.Count - outcomes.Length,
            WithoutChecksum = recorded.Values.Count(outcome => !outcome.Checked),
            Shards = shards, Damaged = damaged,
            RunsPerHour = atWork.Any(shard => shard.RunsPerHour is not null) ? atWork.Sum(shard => shard.RunsPerHour) : null,
            SecondsLeft = atWork.Max(shard => shard.SecondsLeft),
            Failures =
            [
                .. outcomes.Where(entry => entry.Value.Status != RunStatus.Done).OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .GroupBy(entry => (entry.Value.Status, Kind: WithoutNumbers(entry.Value.Reason ?? "")))
                    .Select(group => new FailureReason(group.Key.Status, group.First().Value.Reason ?? "", group.Count(),
                        [.. group.Take(5).Select(entry => entry.Key)]))
                    .OrderByDescending(reason => reason.Count),
            ],
        };

        // The number of shards that was at work last.
        int LastDivision() => sessions.Where(entry => entry.Value is not null)
            .OrderBy(entry => entry.Value!.Last, StringComparer.Ordinal)
            .Select(entry => entry.Key.Count).LastOrDefault(1);

        int Count(string status) => outcomes.Count(entry => entry.Value.Status == status);

        ShardStatus StatusOf(Shard shard, IReadOnlyList<SweepRun> runs)
        {
            var ended = runs.ToLookup(run => recorded.TryGetValue(run.Id, out var outcome) ? outcome.Status : "");
            var session = sessions.GetValueOrDefault(shard);
            var isActive = active.Contains(shard);
            var costLeft = ended[""].Sum(run => run.Cost);
            var pace = session is { Seconds: > 0, Cost: > 0 } ? session.Cost / session.Seconds : 0;
            var meanCost = runs.Count > 0 ? runs.Average(run => run.Cost) : 0;
            double? secondsLeft = isActive && pace > 0 ? costLeft / pace : null;
            return new ShardStatus(
                Shard: shard.ToString(), Runs: runs.Count,
                Done: ended[RunStatus.Done].Count(), Diverged: ended[RunStatus.Diverged].Count(),
                Failed: ended[RunStatus.Failed].Count(), Pending: ended[""].Count(),
                Active: isActive, Host: session?.Host, Workers: session?.Workers, LastRecorded: session?.Last,
                RunsPerHour: pace > 0 && meanCost > 0 ? 3600 * pace / meanCost : null,
                SecondsLeft: costLeft == 0 ? 0 : secondsLeft);
        }
    }

    private static string WithoutNumbers(string reason) => string.Concat(reason.Where(character => !char.IsDigit(character)));
}
