using EiRnnFast.Tasks;

namespace EiRnnFast.CAbi;

/// <summary>A task whose trials a caller draws.</summary>
internal sealed unsafe class CallbackTask : ITask
{
    private readonly delegate* unmanaged[Cdecl]<void*, long, uint, float*, float*, float*, int> _draw;
    private readonly void* _user;
    private readonly Lock _lock = new();
    private bool _isOpen;

    public CallbackTask(int steps, int inputs, int outputs, double stepMs,
        delegate* unmanaged[Cdecl]<void*, long, uint, float*, float*, float*, int> draw, void* user)
    {
        ArrayTask.StepRange.Require("milliseconds per step", stepMs, 1);
        (Steps, Inputs, Outputs, StepMs) = (steps, inputs, outputs, stepMs);
        _draw = draw;
        _user = user;
    }

    public string Name => "drawn";

    public int Inputs { get; }

    public int Outputs { get; }

    public int Steps { get; }

    public double StepMs { get; }

    /// <summary>Whether the caller's function may be called. Fresh batches are drawn ahead, on another thread: once this is false,
    /// no call is under way, and none begins.</summary>
    public bool IsOpen
    {
        set
        {
            lock (_lock) _isOpen = value;
        }
    }

    public TrialBatch Generate(int trials, uint dataSeed)
    {
        var (x, y) = (new float[Given.Length("x", trials, Steps, Inputs)], new float[Given.Length("y", trials, Steps, Outputs)]);
        var mask = new float[y.Length];
        Array.Fill(mask, 1f);
        int code;
        lock (_lock)
        {
            if (!_isOpen) throw new OperationCanceledException();
            fixed (float* px = x, py = y, pm = mask) code = _draw(_user, trials, dataSeed, px, py, pm);
        }
        if (code != 0)
            throw InvalidInputException.Of("trials", $"the code {code} from the function that draws them", "0", "see what made it fail");
        return new TrialBatch
        {
            Count = trials, Steps = Steps, Inputs = Inputs, Outputs = Outputs, X = x, Y = y,
            Mask = mask.AsSpan().ContainsAnyExcept(1f) ? mask : null,
        };
    }
}
