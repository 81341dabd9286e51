using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EiRnnFast.Tasks;

namespace EiRnnFast.CAbi;

/// <summary>Trainings: see eirnn.h, where every function is described.</summary>
internal static unsafe class RunExports
{
    [UnmanagedCallersOnly(EntryPoint = "eirnn_run_create", CallConvs = [typeof(CallConvCdecl)])]
    public static int Create(ulong* run) => Border.Call(() =>
    {
        Given.Require(run, "run");
        *run = Handles.Add(new Run());
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_set", CallConvs = [typeof(CallConvCdecl)])]
    public static int Set(ulong run, byte* name, byte* text) => Border.Call(() =>
    {
        using var taken = Handles.Take<Run>(run);
        taken.Held.Set(Given.Text(name, "name"), Given.TextOrNull(text, "text"));
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_set_trials", CallConvs = [typeof(CallConvCdecl)])]
    public static int SetTrials(ulong run, long trials, long steps, long inputs, long outputs, double stepMs, float* x, float* y,
        float* mask) => Border.Call(() =>
        {
            using var taken = Handles.Take<Run>(run);
            var batch = new TrialBatch
            {
                Count = Given.Count(trials, "trials"), Steps = Given.Count(steps, "steps"), Inputs = Given.Count(inputs, "inputs"),
                Outputs = Given.Count(outputs, "outputs"), X = Given.Values(x, "x", trials, steps, inputs).ToArray(),
                Y = Given.Values(y, "y", trials, steps, outputs).ToArray(),
                Mask = mask is null ? null : Given.Values(mask, "mask", trials, steps, outputs).ToArray(),
            };
            taken.Held.Train(new ArrayTask("trials", batch, stepMs));
        });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_set_draw", CallConvs = [typeof(CallConvCdecl)])]
    public static int SetDraw(ulong run, long steps, long inputs, long outputs, double stepMs,
        delegate* unmanaged[Cdecl]<void*, long, uint, float*, float*, float*, int> draw, void* user) => Border.Call(() =>
        {
            using var taken = Handles.Take<Run>(run);
            Given.Require(draw, "draw");
            taken.Held.Train(new CallbackTask(Given.Count(steps, "steps"), Given.Count(inputs, "inputs"), Given.Count(outputs, "outputs"),
                stepMs, draw, user));
        });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_set_start", CallConvs = [typeof(CallConvCdecl)])]
    public static int SetStart(ulong run, ulong network) => Border.Call(() =>
    {
        using var taken = Handles.Take<Run>(run);
        using var start = Handles.Take<Model.EiRnn>(network);
        taken.Held.StartFrom(start.Held);
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_resume", CallConvs = [typeof(CallConvCdecl)])]
    public static int Resume(ulong run, byte* path) => Border.Call(() =>
    {
        using var taken = Handles.Take<Run>(run);
        taken.Held.Resume(Given.Text(path, "path"));
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_train", CallConvs = [typeof(CallConvCdecl)])]
    public static int Train(ulong run, delegate* unmanaged[Cdecl]<void*, Progress*, ulong, int> afterEpoch, void* user) => Border.Call(() =>
    {
        using var taken = Handles.Take<Run>(run);
        taken.Held.Train(Engine.Backend, afterEpoch is null ? null : (in Progress progress, ulong network) =>
        {
            var copy = progress;
            return afterEpoch(user, &copy, network) != 0;
        });
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_cancel", CallConvs = [typeof(CallConvCdecl)])]
    public static int Cancel(ulong run) => Border.Call(() => Handles.Look<Run>(run).Cancel());

    [UnmanagedCallersOnly(EntryPoint = "eirnn_progress_of", CallConvs = [typeof(CallConvCdecl)])]
    public static int ProgressOf(ulong run, Progress* progress) => Border.Call(() =>
    {
        Given.Require(progress, "progress");
        *progress = Handles.Look<Run>(run).Progress;
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_run_network", CallConvs = [typeof(CallConvCdecl)])]
    public static int Network(ulong run, int created, ulong* network) => Border.Call(() =>
    {
        using var taken = Handles.Take<Run>(run);
        Given.Require(network, "network");
        var trained = taken.Held.Result ?? throw NotTrained();
        *network = Handles.Add((created != 0 ? trained.Created : trained.Network).Clone());
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_task_sizes", CallConvs = [typeof(CallConvCdecl)])]
    public static int TaskSizes(ulong run, long* steps, long* inputs, long* outputs) => Border.Call(() =>
    {
        using var taken = Handles.Take<Run>(run);
        Given.Require(steps, "steps");
        Given.Require(inputs, "inputs");
        Given.Require(outputs, "outputs");
        var task = taken.Held.Settings().PosedTask();
        (*steps, *inputs, *outputs) = (task.Steps, task.Inputs, task.Outputs);
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_task_draw", CallConvs = [typeof(CallConvCdecl)])]
    public static int TaskDraw(ulong run, long trials, long dataSeed, float* x, float* y, float* mask) => Border.Call(() =>
    {
        using var taken = Handles.Take<Run>(run);
        if (dataSeed is < 0 or > uint.MaxValue)
            throw InvalidInputException.Of("data seed", dataSeed, $"0 to {uint.MaxValue}", "choose a seed in that range");
        var task = taken.Held.Settings().PosedTask();
        var toX = Given.Room(x, "x", trials, task.Steps, task.Inputs);
        var toY = Given.Room(y, "y", trials, task.Steps, task.Outputs);
        TrialBatch? drawn = null;
        taken.Held.Drawing(() => drawn = task.Generate((int)trials, (uint)dataSeed));
        drawn!.X.CopyTo(toX);
        drawn.Y.CopyTo(toY);
        if (mask is null) return;
        if (drawn.Mask is null) new Span<float>(mask, toY.Length).Fill(1);
        else drawn.Mask.CopyTo(new Span<float>(mask, toY.Length));
    });

    internal static InvalidInputException NotTrained() =>
        InvalidInputException.Of("run", "one that has not been trained", "a trained one", "call eirnn_train first");
}
