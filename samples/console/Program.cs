// Trains a network, shows how far it is, keeps it as a file, reads the file, and shows the spectrum.
//   console [FILE [UNITS [EPOCHS]]]
// Exit codes: 0 done, 2 bad input, 3 a computation that failed, 130 interrupted (Ctrl-C).
using System.Globalization;
using EiRnnFast;
using EiRnnFast.Files;
using EiRnnFast.Settings;
using EiRnnFast.Spectra;
using EiRnnFast.Training;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true; // the program ends by itself, after the update under way
    stop.Cancel();
};
try
{
    var file = args.Length > 0 ? args[0] : "network.npz";
    var run = RunSettings.From(new Dictionary<string, object>
    {
        ["task"] = "and", ["excitatory"] = 0.5, ["init"] = "orthogonal",
        ["units"] = Whole("units", 1, 50), ["epochs"] = Whole("epochs", 2, 4), ["trials"] = 2050L,
    }, seed: 7);
    var network = run.CreateNetwork();
    TrainingProgress last = default;
    var result = new Trainer(network, run.PosedTask()).Run(run.Training, progress: told => last = told,
        afterEpoch: (epoch, _) =>
            Console.WriteLine($"epoch {epoch} of {last.Epochs}: loss {last.Loss:0.0000}, {last.Left.TotalSeconds:0.0} s left"),
        cancellation: stop.Token);
    NetworkFile.Write(file, network);

    var spectrum = Spectrum.Of(NetworkFile.Read(file));
    Console.WriteLine($"accuracy {result.Accuracy:P0}; {spectrum.Shape} of radius {spectrum.OuterRadius:0.000}, "
        + $"largest |λ| {spectrum.SpectralRadius:0.000}, {spectrum.Outliers.Count} outliers; {file}");
    return 0;
}
catch (InvalidInputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (ComputationException e)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("interrupted; nothing was written");
    return 130;
}

long Whole(string name, int place, long usual) => args.Length <= place ? usual
    : long.TryParse(args[place], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
    : throw InvalidInputException.Of(name, args[place], "a whole number", "correct it");
