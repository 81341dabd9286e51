namespace EiRnnFast.Reports;

/// <summary>
/// The place of every factor in a figure. The rule stands in docs/report.md: N is the x axis, else the excitatory fraction, else another
/// number, else a category; the next factor is the line, the one after it the panel (the task before others); over further ones the points
/// are averaged where all of them are crossed, else they stay at the values that most conditions have.
/// </summary>
/// <param name="X">The factor of the x axis.</param>
/// <param name="Line">The factor of lines; null where no other varies.</param>
/// <param name="Panel">The factor of panels; null where no third varies.</param>
/// <param name="Averaged">Factors that points are averaged over.</param>
/// <param name="Held">Factors that have one value in the figure, with that value.</param>
/// <param name="Conditions">The conditions that are drawn, all with networks that are done.</param>
internal sealed record FactorRoles(string X, string? Line, string? Panel, IReadOnlyList<string> Averaged,
    IReadOnlyList<KeyValuePair<string, object?>> Held, IReadOnlyList<Condition> Conditions)
{
    /// <summary>One set of roles, and a further one for every factor that had no role before: a plan need not cross all factors.</summary>
    public static IReadOnlyList<FactorRoles> Of(IReadOnlyList<Condition> conditions, IReadOnlyList<string> varied)
    {
        Condition[] done = [.. conditions.Where(condition => condition.Done.Any())];
        List<string> open = [.. varied.OrderBy(name => Rank(done, name))];
        List<FactorRoles> all = [];
        while (open.Count > 0)
        {
            var x = open[0];
            open.RemoveAt(0);
            if (ForAxis(x, done, varied) is not { } roles) continue;
            all.Add(roles);
            open.RemoveAll(name => name == roles.Line || name == roles.Panel || roles.Averaged.Contains(name));
        }
        return all;
    }

    /// <summary>Whether a setting is a number, so that its values have distances.</summary>
    public static bool IsNumber(IEnumerable<Condition> conditions, string name) =>
        conditions.All(condition => condition.Value(name) is double or long or int);

    /// <summary>Values of a factor, ascending (in the order of the conditions where they are no numbers).</summary>
    public IReadOnlyList<object?> Levels(string? name) => name is null ? [null]
        : IsNumber(Conditions, name) ? [.. Conditions.Select(condition => condition.Value(name)).Distinct().Order()]
        : [.. Conditions.Select(condition => condition.Value(name)).Distinct()];

    /// <summary>The conditions of a point, a line or a panel; null takes all.</summary>
    public IEnumerable<Condition> At(object? panel, object? line) => Conditions.Where(condition =>
        (Panel is null || Equals(condition.Value(Panel), panel)) && (Line is null || Equals(condition.Value(Line), line)));

    private static int Rank(Condition[] conditions, string name) => name switch
    {
        "units" => 0,
        "excitatory" when IsNumber(conditions, name) => 1,
        "task" or "task_options" => 4,
        _ => IsNumber(conditions, name) ? 2 : 3,
    };

    private static FactorRoles? ForAxis(string x, Condition[] done, IReadOnlyList<string> varied)
    {
        // A condition that has no other beside it is no curve.
        Condition[][] curves = [.. done.GroupBy(condition => condition.LabelWithout(x)).Select(group => group.ToArray())
            .Where(group => group.Select(condition => condition.Value(x)).Distinct().Count() > 1)];
        if (curves.Length == 0) return null;
        string[] Varying() => [.. varied.Where(name => name != x && curves.Select(curve => curve[0].Value(name)).Distinct().Count() > 1)
            .OrderBy(name => Rank(done, name))];
        var names = Varying();
        string[] drawn = [.. names.Take(1).Concat(names.Skip(1).OrderBy(name => name == "task" ? 0 : 1).Take(1))];
        string[] further = [.. names.Except(drawn)];
        if (further.Length > 0 && !IsCrossed(curves, drawn, further))
        {
            var most = curves.GroupBy(curve => Key(curve[0], further)).MaxBy(group => group.Count())!.Key;
            curves = [.. curves.Where(curve => Key(curve[0], further) == most)];
            drawn = [.. Varying()];
            further = [];
        }
        Condition[] all = [.. curves.SelectMany(curve => curve)];
        return new FactorRoles(x, drawn.FirstOrDefault(), drawn.Skip(1).FirstOrDefault(), further,
            [.. varied.Where(name => name != x && !drawn.Contains(name) && !further.Contains(name))
                .Select(name => KeyValuePair.Create(name, all[0].Value(name)))], all);
    }

    /// <summary>Whether every drawn line is of the same values of the further factors: then averages compare like with like.</summary>
    private static bool IsCrossed(Condition[][] curves, string[] drawn, string[] further) => curves
        .GroupBy(curve => Key(curve[0], drawn))
        .Select(line => string.Join('\n', line.Select(curve => Key(curve[0], further)).Order(StringComparer.Ordinal)))
        .Distinct().Count() == 1;

    private static string Key(Condition condition, string[] names) =>
        string.Join('|', names.Select(name => Condition.Text(condition.Value(name))));
}
