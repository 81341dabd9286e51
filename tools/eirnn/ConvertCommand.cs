using System.CommandLine;
using EiRnnFast.Files;
using EiRnnFast.Settings;

namespace EiRnnFast.CommandLine;

/// <summary><c>eirnn convert IN OUT</c>: a network from .npz to Keras HDF5, and back.</summary>
internal static class ConvertCommand
{
    private const string Npz = ".npz";

    public static Command Create()
    {
        var from = new Argument<string>("IN") { Description = "The network: .npz or Keras HDF5, known by its content." };
        var to = new Argument<string>("OUT")
        {
            Description = "The file to write, replaced if it exists. The end of its name says what: .h5 or .hdf5 is Keras HDF5, .npz ours.",
        };
        var keras = new Option<string>("--keras")
        {
            Description = "Write the layout of Keras 2 (as Keras 2.3) or of Keras 3 (default: 3).",
            HelpName = "2|3",
            CompletionSources = { "2", "3" },
        };
        var json = Options.Json();
        var quiet = Options.Quiet();
        var command = new Command("convert", "Write a network as Keras HDF5, or one of Keras as .npz.")
        {
            from, to, keras, json, quiet,
        };
        command.SetAction(parsed =>
        {
            var (source, target) = (parsed.GetValue(from)!, parsed.GetValue(to)!);
            var isKeras = KerasNetworkFile.IsNamedSo(target);
            if (!isKeras && !target.EndsWith(Npz, StringComparison.OrdinalIgnoreCase))
                throw InvalidInputException.Of("OUT", $"'{SettingText.Cut(target)}'", "a name that ends in .npz, .h5 or .hdf5",
                    "end it so: that says what is written");
            if (!isKeras && parsed.Given(keras))
                throw InvalidInputException.Of("--keras", "it, with a .npz file", "it, with an .h5 or .hdf5 file",
                    "leave it out, or give OUT another ending");
            var version = (parsed.GetValue(keras) ?? "3") switch
            {
                "2" => 2,
                "3" => 3,
                var other => throw InvalidInputException.Of("--keras", $"'{other}'", "2 or 3", "choose one of these"),
            };
            var (network, provenance) = NetworkFile.ReadWithProvenance(source);
            if (isKeras) KerasNetworkFile.Write(target, network, version, provenance);
            else NetworkFile.Write(target, network, provenance);
            if (parsed.GetValue(json))
                StandardStreams.PrintJson(new
                {
                    file = target,
                    format = isKeras ? $"keras-{version}" : "npz",
                    network.Units,
                    network.Inputs,
                    network.Outputs,
                });
            else if (!parsed.GetValue(quiet)) StandardStreams.TellLine($"wrote {target}");
            return ExitCodes.Done;
        });
        return command;
    }
}
