using System.Globalization;
using System.Text.RegularExpressions;
using EiRnnFast.Files.Native;
using EiRnnFast.Settings;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>A batch script that runs a sweep as a Slurm array job, one shard a task.</summary>
public sealed partial record SlurmScript
{
    private const string JobName = "#SBATCH --job-name=eirnn", Beginning = "#!/bin/bash";

    /// <summary>Whether a file is such a script.</summary>
    internal static bool IsOne(string path)
    {
        const int Enough = 4096;
        if (SystemCalls.IsSpecial(path)) return false;
        try
        {
            using var reader = new StreamReader(path);
            var beginning = new char[Enough];
            return new string(beginning, 0, reader.ReadBlock(beginning)).Contains(JobName, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The command that starts the program on a node, words as the shell takes them.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>The plan file.</summary>
    public required string Plan { get; init; }

    /// <summary>SHA-256 of the plan, hexadecimal: tasks that start after it was replaced refuse; null for no such check.</summary>
    public string? PlanSha256 { get; init; }

    /// <summary>The folder of the sweep.</summary>
    public required string Folder { get; init; }

    /// <summary>Tasks of the array, and shards of the plan.</summary>
    public required int Tasks { get; init; }

    /// <summary>Cores, and so networks at a time, of each task.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>The partition; null for the site's own choice.</summary>
    public string? Partition { get; init; }

    /// <summary>The time limit as Slurm writes it; null for the site's own.</summary>
    public string? Time { get; init; }

    /// <summary>The account that is charged; null for the user's own.</summary>
    public string? Account { get; init; }

    /// <summary>The quality of service; null for the site's own.</summary>
    public string? Qos { get; init; }

    /// <summary>Features that a node must have, as Slurm writes them; null for none.</summary>
    public string? Constraint { get; init; }

    /// <summary>Most tasks of the array that run at a time; null for no limit.</summary>
    public int? Throttle { get; init; }

    /// <summary>Further options of sbatch, one <c>#SBATCH</c> line each.</summary>
    public IReadOnlyList<string> Further { get; init; } = [];

    /// <summary>Expected seconds of the longest task; a comment.</summary>
    public required double ExpectedSeconds { get; init; }

    /// <summary>Memory that each task asks Slurm for, MiB; null to ask for none, since not every site counts it.</summary>
    public long? MemoryMib { get; init; }

    /// <summary>Memory that each task is expected to hold, MiB; a comment.</summary>
    public required long ExpectedMib { get; init; }

    /// <summary>Threads of each network: a task trains as many networks at a time as its cores give.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether trained networks are recorded too.</summary>
    public bool KeepWeights { get; init; }

    /// <summary>The kernel set that the tasks are told to use; null for what each node has.</summary>
    public string? Kernels { get; init; }

    /// <summary>The eigenvalue solver that the tasks are told to use; null for what each node has.</summary>
    public string? Lapack { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="InvalidInputException">The first that cannot be used.</exception>
    public void Validate()
    {
        if (Tasks is < 1 or > Shard.MostShards)
            throw InvalidInputException.Of("array", Tasks, $"1 to {Shard.MostShards} tasks", "each task runs one shard");
        if (Cpus is < 1 or > 4096) throw InvalidInputException.Of("cpus", Cpus, "1 to 4096", "each core trains one network at a time");
        if (MemoryMib < ExpectedMib)
            throw InvalidInputException.Of("memory", $"{MemoryMib} MiB",
                $"at least the {ExpectedMib} MiB that a task is expected to hold", "ask for more, or for fewer --cpus");
        if (Partition is not null && !Word().IsMatch(Partition))
            throw InvalidInputException.Of("partition", $"'{SettingText.Cut(Partition)}'", "names with commas between",
                "sinfo lists the partitions");
        if (Account is not null && !Word().IsMatch(Account))
            throw InvalidInputException.Of("account", $"'{SettingText.Cut(Account)}'", "the name of an account",
                "the command 'sacctmgr show associations' lists yours");
        if (Qos is not null && !Word().IsMatch(Qos))
            throw InvalidInputException.Of("qos", $"'{SettingText.Cut(Qos)}'", "the name of a quality of service",
                "the command 'sacctmgr show qos' lists them");
        if (Constraint is not null && !Features().IsMatch(Constraint))
            throw InvalidInputException.Of("constraint", $"'{SettingText.Cut(Constraint)}'",
                "features of nodes with & | , * and brackets between, without spaces and quotes", "write it like 'avx512&ib'");
        if (Throttle is < 1) throw InvalidInputException.Of("throttle", Throttle, "1 or more tasks at a time", "leave it out for no limit");
        foreach (var option in Further) ValidateFurther(option);
        if (Time is not null && !TimeLimit().IsMatch(Time))
            throw InvalidInputException.Of("time", $"'{SettingText.Cut(Time)}'", "minutes, minutes:seconds, hours:minutes:seconds, "
                + "days-hours, days-hours:minutes, days-hours:minutes:seconds or UNLIMITED",
                "write 12 hours as 12:00:00");
        // A #SBATCH line is not the shell's: no quoting makes a line break or, in older versions, a space in a path safe there.
        foreach (var path in (IEnumerable<string>)[Plan, Folder, Kernels ?? "", Lapack ?? "", .. Program])
            if (path.Any(char.IsControl))
                throw InvalidInputException.Of("path", "one with a control character", "none", "rename the file or folder");
        if (Folder.Any(character => char.IsWhiteSpace(character) || "\"'\\%#".Contains(character)))
            throw InvalidInputException.Of("output folder", $"'{Folder}'",
                "a path without spaces, quotes, backslashes, # and per cent signs, which #SBATCH lines cannot hold",
                "choose another --out");
    }

    private static void ValidateFurther(string option)
    {
        if (!Option().IsMatch(option) || option.Any(char.IsControl))
            throw InvalidInputException.Of("sbatch", $"'{SettingText.Cut(option)}'",
                "one option of sbatch on one line, which begins with -", "write it like --exclusive, and give --sbatch once for each");
        if (Own().IsMatch(option))
            throw InvalidInputException.Of("sbatch", $"'{SettingText.Cut(option)}'", "an option that the script does not set by itself",
                "use --array, --cpus or --throttle of this command");
    }

    /// <summary>The script.</summary>
    public override string ToString()
    {
        Validate();
        var program = string.Join(' ', Program.Select(Quoted));
        List<string> optional = [];
        if (Partition is not null) optional.Add($"#SBATCH --partition={Partition}");
        if (Time is not null) optional.Add($"#SBATCH --time={Time}");
        if (Account is not null) optional.Add($"#SBATCH --account={Account}");
        if (Qos is not null) optional.Add($"#SBATCH --qos={Qos}");
        if (Constraint is not null) optional.Add($"#SBATCH --constraint={Constraint}");
        if (MemoryMib is not null) optional.Add(FormattableString.Invariant($"#SBATCH --mem={MemoryMib}M"));
        var choices = (KeepWeights ? " --keep-weights" : "")
            + (Kernels is null ? "" : $" --kernels {Quoted(Kernels)}")
            + (Lapack is null ? "" : $" --lapack {Quoted(Lapack)}");
        const string cores = "SLURM_CPUS_PER_TASK";
        var workers = Threads == 1 ? $"${cores}"
            : FormattableString.Invariant($"$(({cores} > {Threads} ? {cores} / {Threads} : 1))");
        var expected = TimeSpan.FromSeconds(Math.Ceiling(Math.Min(ExpectedSeconds, 1e9)));
        return string.Join('\n',
        [
            Beginning,
            "# One shard of the sweep a task. Submitted again, or requeued, a task goes on where its shard stands: "
                + "what is recorded is not run again.",
            FormattableString.Invariant($"# Expected time of the longest task, on a core with AVX-512: {expected:d\\-hh\\:mm\\:ss}; ")
                + FormattableString.Invariant($"memory: {ExpectedMib} MiB."),
            JobName,
            FormattableString.Invariant($"#SBATCH --array=1-{Tasks}{(Throttle is null ? "" : "%")}{Throttle}"),
            "#SBATCH --ntasks=1",
            FormattableString.Invariant($"#SBATCH --cpus-per-task={Cpus}"),
            .. optional,
            "#SBATCH --requeue",
            "#SBATCH --open-mode=append",
            $"#SBATCH --output={Folder}/slurm-%a.log",
            .. Further.Select(option => $"#SBATCH {Directive(option)}"),
            "",
            .. PlanCheck(),
            "# exec: the signals that Slurm sends reach the program, which records what it has finished.",
            $"exec {program} sweep {Quoted(Plan)} --out {Quoted(Folder)} "
                + FormattableString.Invariant($"--shard \"$SLURM_ARRAY_TASK_ID/{Tasks}\" --workers \"{workers}\"{choices}"),
            "",
        ]);
    }

    /// <summary>A task that waited while the folder got another plan must not run that one as if it were its own.</summary>
    private string[] PlanCheck() => PlanSha256 is null ? [] :
    [
        "# The folder may have got another plan while this array was waiting.",
        $"if [ \"$(sha256sum < {Quoted(Plan)} | cut -c 1-64)\" != {PlanSha256} ]; then",
        "    echo 'eirnn: plan: found another one than this array was submitted for; submit the sweep again' >&2",
        "    exit 2",
        "fi",
        "",
    ];

    /// <summary>The seconds of a time limit; null for none. As sbatch reads it: 12 is minutes, 1-12 days and hours.</summary>
    public double? TimeLimitSeconds
    {
        get
        {
            if (Time is null || !char.IsAsciiDigit(Time[0])) return null;
            static double Number(string digits) => double.Parse(digits, CultureInfo.InvariantCulture);
            var (days, rest) = Time.Split('-') is [var before, var after] ? (Number(before), after) : (0, Time);
            double[] parts = [.. rest.Split(':').Select(Number)];
            double[] units = Time.Contains('-', StringComparison.Ordinal) ? [3600, 60, 1] : parts.Length == 3 ? [3600, 60, 1] : [60, 1];
            return 86400 * days + parts.Zip(units, (part, unit) => part * unit).Sum();
        }
    }

    /// <summary>An option of sbatch as its line has it: a value with spaces is quoted.</summary>
    private static string Directive(string option)
    {
        var at = option.IndexOf('=', StringComparison.Ordinal);
        return at < 0 || !option[at..].Contains(' ', StringComparison.Ordinal) || option.Contains('"', StringComparison.Ordinal)
            || option.Contains('\'', StringComparison.Ordinal) ? option : $"{option[..at]}=\"{option[(at + 1)..]}\"";
    }

    /// <summary>A word for bash.</summary>
    public static string Quoted(string word)
    {
        var isPlain = word.Length > 0
            && word.All(character => char.IsAsciiLetterOrDigit(character) || "_-./:=+,".Contains(character));
        return isPlain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]*(,[A-Za-z0-9_][A-Za-z0-9_.-]*)*\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Za-z0-9_.:=,&|*!()\[\]-]+\z")]
    private static partial Regex Features();

    [GeneratedRegex(@"^(-[A-Za-z]|--[a-z][a-z-]+)([= ].*)?\z")]
    private static partial Regex Option();

    /// <summary>Without these the tasks of the array are no longer the shards of the plan.</summary>
    [GeneratedRegex(@"^(-[anc]|--(array|ntasks|cpus-per-task|wrap))([= ]|\z)")]
    private static partial Regex Own();

    /// <summary>The forms of sbatch's --time (Slurm's manual), and its words for no limit.</summary>
    [GeneratedRegex(@"^([0-9]{1,9}(:[0-9]{1,9}){0,2}|[0-9]{1,9}-[0-9]{1,9}(:[0-9]{1,9}){0,2}|(?i:unlimited|infinite))\z")]
    private static partial Regex TimeLimit();
}
