using System.Globalization;

namespace EiRnnFast.Tasks;

/// <summary>A parameter of a task of the catalogue.</summary>
/// <param name="Name">Its name, snake_case.</param>
/// <param name="Value">What it is set to.</param>
/// <param name="Default">The reference's value.</param>
/// <param name="Minimum">Least value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="IsWhole">Whether it has to be a whole number.</param>
/// <param name="Unit">"steps", "σ" and the like; empty for a pure number.</param>
/// <param name="Description">What it does.</param>
public sealed record TaskOption(string Name, double Value, double Default, double Minimum, double Maximum, bool IsWhole, string Unit,
    string Description);

/// <summary>
/// The options of a task while it is made: declared and read in one go, so that no task knows an option that it does not list.
/// </summary>
internal sealed class TaskOptions(string task, IReadOnlyDictionary<string, double> given)
{
    private const int MostSteps = 10_000;
    private readonly List<TaskOption> _declared = [];

    public string Task => task;

    public IReadOnlyList<TaskOption> Declared => _declared;

    /// <summary>A number of timesteps.</summary>
    public int Steps(string name, int initial, string description, int least = 0) =>
        Whole(name, initial, least, MostSteps, description, "steps");

    public int Whole(string name, int initial, int least, int most, string description, string unit = "") =>
        (int)Declare(new TaskOption(name, initial, initial, least, most, true, unit, description));

    public double Number(string name, double initial, double least, double most, string description, string unit = "") =>
        Declare(new TaskOption(name, initial, initial, least, most, false, unit, description));

    /// <summary>Standard deviation of Gaussian noise.</summary>
    public double Noise(string name, double initial, string description) => Number(name, initial, 0, 1000, description, "σ");

    /// <summary>Refuses what no option has taken.</summary>
    /// <exception cref="InvalidInputException">The first unknown name.</exception>
    public void RefuseUnknown()
    {
        if (given.Keys.FirstOrDefault(name => _declared.All(option => option.Name != name)) is { } unknown)
            throw InvalidInputException.Of($"option of task '{task}'", $"'{unknown}'",
                $"one of {string.Join(", ", _declared.Select(option => option.Name))}",
                NearestName.Remedy($"choose one of these (see: eirnn tasks {task})", unknown, _declared.Select(option => option.Name)));
    }

    private double Declare(TaskOption option)
    {
        var value = given.GetValueOrDefault(option.Name, option.Default);
        if (!(value >= option.Minimum && value <= option.Maximum) || (option.IsWhole && value != Math.Floor(value)))
            throw InvalidInputException.Of($"option {option.Name} of task '{task}'", value,
                string.Create(CultureInfo.InvariantCulture,
                    $"{(option.IsWhole ? "a whole number" : "a number")} from {option.Minimum} to {option.Maximum}"),
                string.Create(CultureInfo.InvariantCulture, $"{option.Default} is the default"));
        _declared.Add(option with { Value = value });
        return value;
    }
}
