using System.Numerics;
using EiRnnFast.Dynamics;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;

namespace EiRnnFast.CAbi;

/// <summary>Numbers that a handle tells by name: <c>eirnn_values</c>. A complex number is two, real part first.</summary>
internal static class Series
{
    public static double[] Of(object held, string name) => held switch
    {
        Run run => OfRun(run.Result ?? throw RunExports.NotTrained(), name),
        Spectrum spectrum => name switch
        {
            "eigenvalues" => Parts(spectrum.Eigenvalues),
            "outliers" => Parts(spectrum.Outliers),
            _ => throw Unknown(name, "eigenvalues, outliers"),
        },
        FixedPoints points => OfPoints([.. points.Fixed, .. points.Slow], name),
        _ => throw InvalidInputException.Of("handle", "one that tells no values", "a run, a spectrum or fixed points", "use another one"),
    };

    private static double[] OfRun(Trained trained, string name)
    {
        var result = trained.Result;
        return name switch
        {
            "losses" => [.. result.Losses],
            "task_losses" => [.. result.TaskLosses],
            "gradient_norms" => [.. result.GradientNorms],
            "epoch_seconds" => [.. result.EpochSeconds],
            "validation_losses" => [.. result.ValidationLosses],
            "validation_accuracies" => [.. result.ValidationAccuracies.Select(right => right ?? double.NaN)],
            _ => throw Unknown(name, "losses, task_losses, gradient_norms, epoch_seconds, validation_losses, validation_accuracies"),
        };
    }

    private static double[] OfPoints(FixedPoint[] points, string name) => name switch
    {
        "states" => [.. points.SelectMany(point => point.State)],
        "rates" => [.. points.SelectMany(point => point.Rates)],
        "q" => [.. points.Select(point => point.Q)],
        "starts" => [.. points.Select(point => (double)point.Starts)],
        "eigenvalues" => [.. points.SelectMany(point => Parts(point.Eigenvalues))],
        _ => throw Unknown(name, "states, rates, q, starts, eigenvalues"),
    };

    private static double[] Parts(IEnumerable<Complex> values) => [.. values.SelectMany(z => (double[])[z.Real, z.Imaginary])];

    internal static InvalidInputException Unknown(string name, string known) =>
        InvalidInputException.Of("what", SettingText.Shown(name), $"one of {known}", "correct the name");
}
