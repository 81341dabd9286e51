using EiRnnFast.Reports;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Training;

namespace EiRnnFast.CommandLine;

/// <summary>What a training found, for a person: every number with its name, at most 80 columns.</summary>
internal static class TrainingText
{
    public static void Print(TrainingRun run, string folder, bool states, bool svg)
    {
        var result = run.Result;
        Line("trained", $"{Readable.Count(result.EpochsRun, "epoch")} in {result.Seconds:0.0} s; ended: {Why(run)}");
        if (result.CurriculumFinished is { } finished)
            Line("curriculum", $"{result.StageEnds.Count} of {run.Settings.Training.Curriculum.Count} stages passed"
                + (finished ? "" : "; the task itself was not trained"));
        PrintLearning(run);
        var audit = result.Audit;
        Line("constraint", $"{Readable.Count(audit.Violations, "violation")}; {audit.ZeroFraction:P1} of the recurrent weights exactly 0, "
            + $"{Readable.Count(audit.ZeroRows, "row")} and {Readable.Count(audit.ZeroColumns, "column")} all 0");
        PrintSpectra(run);
        string[] files =
            [.. RunFolder.Names(run.Tracking is not null, states), TrainingPlace.CheckpointName, .. RunFigures.Names(run, svg)];
        Line("files", $"in {folder}{Path.DirectorySeparatorChar}: {string.Join(' ', files)}");
    }

    private static void PrintLearning(TrainingRun run)
    {
        var (result, training) = (run.Result, run.Settings.Training);
        Line("learned", result.Learned switch
        {
            true => "yes",
            false when result.Accuracy > result.Chance && result.TestLoss < Learning.MostLoss * result.ConstantLoss => "in part",
            false => "no",
            null => "cannot be judged: no test trial asks for an answer",
        });
        if (result.Accuracy is { } share)
            Line("accuracy", $"{share:P0} of {Readable.Count(result.Test.Count, "test trial")} right; chance {result.Chance:P0}");
        if (result.NoisyAccuracy is { } noisy) Line("", $"{noisy:P0} with the noise of the network");
        if (result.TestLoss is { } loss)
            Line("test loss", $"{loss:g3}; the best constant answer has "
                + (result.ConstantLoss is { } constant ? $"{constant:g3}" : "none"));
        Line("training", result.FinalLoss is { } final
            ? $"last epoch's mean loss {final:g3}, gradient norm {result.GradientNorms[^1]:g3}" + Clipped(training)
            : "no epoch was finished");
        if (result.BestEpoch is { } best)
        {
            var validated = result.ValidationAccuracies[best - 1] is { } right ? $"{right:P1}" : "none";
            var kept = training.KeepsBest ? ", whose weights are kept" : "";
            Line("validation", $"loss {result.ValidationLosses[best - 1]:g3}, accuracy {validated} in the best epoch, {best}{kept}");
        }
        foreach (var tests in (run.Generalisation ?? []).GroupBy(test => test.Option))
            Line("other values", $"{tests.Key}: " + string.Join(", ", tests.Select(test => $"{test.Value:g6} "
                + (test.Accuracy is { } answered ? $"{answered:P0}" : $"loss {test.Loss:g3}") + (test.Trained ? " (trained)" : ""))));
        foreach (var (i, sentence) in LearningAdvice.Of(run).Index()) Line(i == 0 ? "try" : "", sentence);
    }

    private static string Clipped(TrainingOptions training) =>
        training.Clipping == GradientClipping.None ? "" : $" (clipped to {training.ClipNorm})";

    /// <summary>Edges of the eigenvalues before and after, and what theory says of the initial matrix: a small table.</summary>
    private static void PrintSpectra(TrainingRun run)
    {
        Line("eigenvalues", Row("outer edge", "inner edge", "largest |λ|", "outliers", "Henrici"));
        Show(run.Settings.Start is null ? "as created" : "at the start", run.InitialSpectrum);
        if (run.ProjectedSpectrum is { } projected) Show("projected", projected);
        Show("trained", run.Spectrum);
        if (run.InitialSpectrum.Theory is { } theory)
            Line("  theory", Row(Readable.Number(theory.OuterRadius), Readable.Number(theory.InnerRadius),
                Readable.Number(Math.Max(theory.OuterRadius, Math.Abs(theory.Outlier))), "", ""));
        var seventh = run.Spectrum.OuterRadiusPublished is { } modulus ? Readable.Number(modulus) : "none (fewer than 7 units)";
        Line("  as published", $"7th largest |λ| {seventh}, smallest {Readable.Number(run.Spectrum.InnerRadiusPublished)}, after training");
        if (run.Spectrum.OutlierCapMet) Line("", Spectrum.CapMetWords);

        static void Show(string label, Spectrum s) =>
            Line($"  {label}", Row(Readable.Number(s.OuterRadius), Readable.Number(s.InnerRadius), Readable.Number(s.SpectralRadius),
                $"{s.Outliers.Count}", $"{s.Henrici:0.000}") + $"  {s.Shape.ToString().ToLowerInvariant()}");

        static string Row(string outer, string inner, string largest, string outliers, string henrici) =>
            $"{outer,11}{inner,12}{largest,13}{outliers,10}{henrici,9}";
    }

    private static string Why(TrainingRun run) => run.Result.Stopped switch
    {
        StopReason.Epochs => "all epochs are run",
        StopReason.Interrupted => "interrupted",
        StopReason.Diverged => "it diverged",
        StopReason.Patience => $"no better validation loss for {Readable.Count(run.Settings.Training.Patience, "epoch")}",
        StopReason.Loss => "the training loss is low enough",
        var reason => $"the {SettingNames.Of(reason)} is good enough",
    };

    private static void Line(string label, string text) => Terminal.PrintRow($"{label,-14} ", text.TrimEnd());
}
