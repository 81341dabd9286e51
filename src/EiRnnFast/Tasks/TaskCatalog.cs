namespace EiRnnFast.Tasks;

/// <summary>The tasks that the engine knows by name.</summary>
public static class TaskCatalog
{
    /// <summary>All of them, in the order of the paper.</summary>
    public static IReadOnlyList<ITask> All { get; } = [BooleanTask.And, BooleanTask.Or, BooleanTask.Xor];

    /// <summary>The task of that name.</summary>
    /// <exception cref="InvalidInputException">No such task; the message lists those that exist.</exception>
    public static ITask Get(string name) =>
        All.FirstOrDefault(task => task.Name == name)
        ?? throw InvalidInputException.Of("task", $"'{name}'", string.Join(", ", All.Select(task => task.Name)), "choose one of these (see: eirnn tasks)");
}
