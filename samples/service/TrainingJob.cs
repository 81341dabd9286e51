using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using EiRnnFast;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Training;

/// <summary>Where a training stands.</summary>
/// <param name="State">queued, training, done, failed or cancelled.</param>
/// <param name="Epoch">Finished epochs.</param>
/// <param name="Loss">Mean loss of the last one.</param>
/// <param name="SecondsLeft">Until all epochs are run, at the speed so far.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record Standing(string Id, string State, int Epoch, int Epochs, double? Loss = null, double? SecondsLeft = null,
    double? Accuracy = null, string? Error = null)
{
    public bool IsOver => State is not ("queued" or "training");
}

/// <summary>The spectrum of a trained network.</summary>
/// <param name="Eigenvalues">Real and imaginary parts, largest modulus first.</param>
internal sealed record SpectrumSummary(IReadOnlyList<double[]> Eigenvalues, double OuterRadius, double InnerRadius, double SpectralRadius,
    string Shape, int Outliers);

/// <summary>One training: a worker runs it, any number of requests look at it.</summary>
internal sealed class TrainingJob(RunSettings settings)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancel = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Standing _standing = new(Guid.NewGuid().ToString("n"), "queued", 0, settings.Training.Epochs);

    public string Id => Standing.Id;

    public Standing Standing => Look().Standing;

    /// <summary>Set once it is done, as is the file of the network.</summary>
    public SpectrumSummary? Summary { get; private set; }

    public string? File { get; private set; }

    /// <summary>Ends it: before it begins, or after the update under way.</summary>
    public void Cancel()
    {
        _cancel.Cancel();
        Tell(now => now.State == "queued" ? now with { State = "cancelled" } : now);
    }

    /// <summary>What is new, until it is over. A slow reader gets the newest standing, and misses those between.</summary>
    public async IAsyncEnumerable<SseItem<Standing>> Events([EnumeratorCancellation] CancellationToken gone)
    {
        while (true)
        {
            var (standing, news) = Look();
            yield return new SseItem<Standing>(standing, standing.State);
            if (standing.IsOver) yield break;
            await news.WaitAsync(gone);
        }
    }

    /// <summary>Trains on the calling thread. What goes wrong is told, not thrown.</summary>
    /// <param name="file">The file for the network.</param>
    /// <param name="log">Gets what nobody expected.</param>
    public void Run(string file, ILogger log)
    {
        Tell(now => now.State == "queued" ? now with { State = "training" } : now);
        if (Standing.IsOver) return;
        try
        {
            var network = settings.CreateNetwork();
            TrainingProgress last = default;
            var result = new Trainer(network, settings.PosedTask()).Run(settings.Training, progress: told => last = told,
                afterEpoch: (epoch, _) =>
                    Tell(now => now with { Epoch = epoch, Loss = last.Loss, SecondsLeft = last.Left.TotalSeconds }),
                cancellation: _cancel.Token);
            if (result.Stopped == StopReason.Diverged)
                throw new ComputationException("the training diverged; choose a smaller learning_rate");
            var spectrum = Spectrum.Of(network);
            Summary = new SpectrumSummary([.. spectrum.Eigenvalues.Select(z => new[] { z.Real, z.Imaginary })], spectrum.OuterRadius,
                spectrum.InnerRadius, spectrum.SpectralRadius, spectrum.Shape.ToString().ToLowerInvariant(), spectrum.Outliers.Count);
            NetworkFile.Write(file, network);
            File = file;
            Tell(now => now with { State = "done", SecondsLeft = 0, Accuracy = result.Accuracy });
        }
        catch (OperationCanceledException)
        {
            Tell(now => now with { State = "cancelled" });
        }
        catch (EiRnnException e)
        {
            Tell(now => now with { State = "failed", Error = e.Message });
        }
        catch (Exception e) // a worker must go on: memory or disk may be full
        {
            log.LogError(e, "training {Id}", Id);
            Tell(now => now with { State = "failed", Error = "the server could not finish it; its log says why" });
        }
    }

    private (Standing Standing, Task News) Look()
    {
        lock (_lock) return (_standing, _news.Task);
    }

    private void Tell(Func<Standing, Standing> change)
    {
        lock (_lock)
        {
            _standing = change(_standing);
            _news.SetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
