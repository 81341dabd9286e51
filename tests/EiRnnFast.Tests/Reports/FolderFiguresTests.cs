using EiRnnFast.Settings;
using EiRnnFast.Studies.Runs;
using EiRnnFast.Tests.Files;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Reports;

public sealed class FolderFiguresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_picture_that_finds_no_room_does_not_cost_the_network()
    {
        var run = TrainingRun.Execute(new RunSettings { Units = 4, Training = new TrainingOptions { Epochs = 1, Trials = 60 } });
        File.WriteAllText(_folder["loss.png"], "of an earlier run");
        var figures = new FolderFigures(["loss.png"], aside =>
        {
            File.WriteAllText(Path.Combine(aside, "loss.png"), "half");
            throw new IOException("No space left on device");
        });
        var message = Assert.Throws<InvalidInputException>(() => RunFolder.Write(_folder[""], run, figures)).Message;
        Assert.Contains("No space left on device", message, StringComparison.Ordinal);
        Assert.EndsWith("(all numbers are written, the figures are not)", message, StringComparison.Ordinal);
        Assert.Equal(RunFolder.Names().Order(), Directory.EnumerateFiles(_folder[""]).Select(file => Path.GetFileName(file)).Order());
    }

    [Fact]
    public void Numbers_that_find_no_room_leave_the_folder_as_it_was()
    {
        var run = TrainingRun.Execute(new RunSettings { Units = 4, Training = new TrainingOptions { Epochs = 1, Trials = 60 } });
        Directory.CreateDirectory(_folder["spectrum.csv"]);
        Assert.Throws<InvalidInputException>(() => RunFolder.Write(_folder[""], run, new FolderFigures(["loss.png"], _ => { })));
        Assert.Equal(["spectrum.csv"], Directory.EnumerateFileSystemEntries(_folder[""]).Select(file => Path.GetFileName(file)));
    }
}
