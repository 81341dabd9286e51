using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Training;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>It ran all its epochs.</summary>
    Epochs,

    /// <summary>An epoch's mean loss fell below the stop loss.</summary>
    Loss,

    /// <summary>An epoch's validation loss fell below the one asked for.</summary>
    ValidationLoss,

    /// <summary>An epoch's validation accuracy reached the one asked for.</summary>
    ValidationAccuracy,

    /// <summary>The validation loss had not fallen for as many epochs as were granted.</summary>
    Patience,

    /// <summary>A batch's loss or gradient was not finite, the loss above the divergence loss, or a gradient without clipping beyond
    /// what Adam can hold.</summary>
    Diverged,

    /// <summary>It was asked to stop, and can go on (<see cref="TrainingCheckpoint"/>).</summary>
    Interrupted,
}

/// <summary>
/// What a training did. The network itself holds the weights of the last finished epoch, or, where that is to be kept, of the best one.
/// </summary>
public sealed record TrainingResult
{
    /// <summary>Finished epochs.</summary>
    public int EpochsRun => Losses.Count;

    /// <summary>Why it ended.</summary>
    public required StopReason Stopped { get; init; }

    /// <summary>Mean training loss over the trials of each finished epoch that weigh something; 0 where none does.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>The same without penalties.</summary>
    public required IReadOnlyList<double> TaskLosses { get; init; }

    /// <summary>Mean norm of all gradients, before clipping, over the updates of each finished epoch whose trials weigh
    /// something.</summary>
    public required IReadOnlyList<double> GradientNorms { get; init; }

    /// <summary>Loss over the validation trials after each finished epoch; empty without any that weighs something.</summary>
    public required IReadOnlyList<double> ValidationLosses { get; init; }

    /// <summary>Fraction of the validation trials answered correctly after each finished epoch, null where none asks for an answer;
    /// empty as the losses are.</summary>
    public required IReadOnlyList<double?> ValidationAccuracies { get; init; }

    /// <summary>
    /// The epoch, from 1, with the least validation loss, whose weights the network has where that is to be kept; null without
    /// validation.
    /// </summary>
    public int? BestEpoch { get; init; }

    /// <summary>Seconds of each finished epoch, validation included.</summary>
    public required IReadOnlyList<double> EpochSeconds { get; init; }

    /// <summary>Seconds in all, data set and testing included.</summary>
    public required double Seconds { get; init; }

    /// <summary>The update, counted from 1, at which it diverged; null when it did not.</summary>
    public int? DivergedAtUpdate { get; init; }

    /// <summary>Loss over the test trials of the network as it is now; null when no test trial weighs anything.</summary>
    public required double? TestLoss { get; init; }

    /// <summary>Fraction of the test trials answered correctly by the network as it is now; null when none asks for an answer.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>The chance level: what one and the same answer to all test trials reaches
    /// (<see cref="ConstantAnswer.Accuracy"/>).</summary>
    public required double? Chance { get; init; }

    /// <summary>The loss of the best constant answer to the test trials; null where their targets do not vary.</summary>
    public required double? ConstantLoss { get; init; }

    /// <summary>Whether it learned its task: accuracy and test loss, see <see cref="Learning"/>; null where nothing can be
    /// judged.</summary>
    public bool? Learned => CurriculumFinished == false ? false : Learning.Of(Accuracy, TestLoss, ConstantLoss);

    /// <summary>The accuracy with the network's own noise in the trials; null for a network without noise.</summary>
    public required double? NoisyAccuracy { get; init; }

    /// <summary>That of the test trials of each type, null for a type without an answer; null where trials have no types.</summary>
    public required IReadOnlyDictionary<string, double?>? AccuracyByType { get; init; }

    /// <summary>The last epoch of every stage of the curriculum that was passed; fewer than its stages when the epochs ran out.</summary>
    public required IReadOnlyList<int> StageEnds { get; init; }

    /// <summary>Whether the task itself was trained, not only stages before it; null without a curriculum.</summary>
    public required bool? CurriculumFinished { get; init; }

    /// <summary>The test trials.</summary>
    public required TrialBatch Test { get; init; }

    /// <summary>What the network as it is now answers to them, [trials×T×O].</summary>
    public required float[] TestOutputs { get; init; }

    /// <summary>What the sign constraint has left of the weights.</summary>
    public required SignAudit Audit { get; init; }

    /// <summary>The kernel set that ran it.</summary>
    public required string KernelSet { get; init; }

    /// <summary>
    /// How it formed products with W_rec: <c>dense</c>, <c>blocks</c> where tiles without weights were skipped, or <c>sparse</c> where only
    /// weights that exist were multiplied.
    /// </summary>
    public required string RecurrentForm { get; init; }

    /// <summary>The seed of the data set.</summary>
    public required uint DataSeed { get; init; }

    /// <summary>Hidden states of the run, trials × timesteps, each a row of N units.</summary>
    public required long States { get; init; }

    /// <summary>How many of them were not computed, because trials that share an input prefix share the state.</summary>
    public required long StatesSaved { get; init; }

    /// <summary>Mean loss of the last finished epoch without penalties; null when none finished.</summary>
    public double? FinalTaskLoss => TaskLosses.Count > 0 ? TaskLosses[^1] : null;

    /// <summary>Mean loss of the last finished epoch; null when none finished.</summary>
    public double? FinalLoss => Losses.Count > 0 ? Losses[^1] : null;
}

/// <summary>Where a training stands, after each update.</summary>
/// <param name="Epoch">Epoch under way, from 1.</param>
/// <param name="Epochs">Epochs asked for.</param>
/// <param name="Update">Updates done in this epoch.</param>
/// <param name="Updates">Updates per epoch.</param>
/// <param name="Loss">Mean loss over the trials of this epoch so far.</param>
/// <param name="GradientNorm">Mean gradient norm of this epoch so far.</param>
/// <param name="Elapsed">Time since the first update.</param>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Update, int Updates, double Loss, double GradientNorm, TimeSpan Elapsed)
{
    /// <summary>Time left at the mean speed so far, if all epochs run.</summary>
    public TimeSpan Left
    {
        get
        {
            var done = (Epoch - 1L) * Updates + Update;
            return done == 0 ? TimeSpan.Zero : Elapsed / done * ((long)Epochs * Updates - done);
        }
    }
}
