using EiRnnFast.Files;
using EiRnnFast.Tests.CommandLine;

namespace EiRnnFast.Tests.Files;

/// <summary>What is beside the ordinary file: devices judged by their kind, left-overs, and folders that one process has.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public void A_folder_under_dev_is_an_ordinary_one_and_its_files_are_made()
    {
        var path = $"/dev/shm/eirnn-{Guid.NewGuid():N}.txt";
        try
        {
            AtomicFile.WriteText(path, "kept");
            Assert.Equal("kept", File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_left_over_that_nobody_holds_goes_and_one_that_is_held_stays()
    {
        File.WriteAllText(_folder[".eirnn-dead.tmp"], "half");
        Directory.CreateDirectory(_folder[".eirnn-dead.d/old"]);
        using var held = HiddenFile.New(_folder[""]);
        AtomicFile.WriteText(_folder["a.txt"], "whole");
        Assert.Equal([Path.GetFileName(held.Path), "a.txt"], _folder.Entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_claimed_folder_is_refused_to_others_until_it_is_released()
    {
        using (OutputFolder.Claim(_folder["run"]))
        {
            var message = Assert.Throws<InvalidInputException>(() => OutputFolder.Claim(_folder["run"])).Message;
            Assert.Contains(_folder["run"], message, StringComparison.Ordinal);
            Assert.Contains("another process", message, StringComparison.Ordinal);
        }
        OutputFolder.Claim(_folder["run"]).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder["run"]));
    }

    [Fact]
    public void A_claim_that_is_withdrawn_takes_its_new_folders_along()
    {
        OutputFolder.Claim(_folder["deep/er"]).Withdraw();
        Assert.Empty(_folder.Entries);
    }
}
