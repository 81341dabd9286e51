using EiRnnFast.Files;

namespace EiRnnFast.Tests.Files;

/// <summary>Files that take their places together, or not at all.</summary>
public sealed class FilesAsideTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_move_that_fails_takes_all_moves_before_it_back()
    {
        var (hidden, files) = Prepare();
        using (hidden)
            Assert.ThrowsAny<IOException>(() => FilesAside.MoveAll([.. files, (_folder["fresh"], _folder["taken"])], hidden));
        Assert.Equal(["fresh", "summary", "taken"], _folder.Entries);
        Assert.Equal(("old", "new"), (File.ReadAllText(_folder["summary"]), File.ReadAllText(_folder["fresh"])));
    }

    [Fact]
    public void Old_files_that_cannot_go_back_stay_and_the_message_says_where()
    {
        var (hidden, files) = Prepare();
        var vanishing = (_folder["fresh"], files[0].To); // replaces the old file, so that only one of two can go back
        using (hidden)
        {
            (string, string)[] moves = [.. files, vanishing, (_folder["none"], _folder["x"])];
            var message = Assert.Throws<IOException>(() => FilesAside.MoveAll(moves, hidden)).Message;
            Assert.Contains($"they stand in '{Path.Combine(hidden.FolderPath, "old")}'", message, StringComparison.Ordinal);
        }
        Assert.True(Directory.Exists(hidden.FolderPath));
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_folder_as_it_was()
    {
        File.WriteAllText(_folder["summary"], "old");
        var refused = Assert.Throws<InvalidInputException>(() => FilesAside.Write(_folder[""], "summary", [], aside =>
        {
            File.WriteAllText(Path.Combine(aside, "summary"), "half");
            throw new IOException("disk\nfull");
        }));
        Assert.Contains("where a write failed (disk full)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["summary"], _folder.Entries);
        Assert.Equal("old", File.ReadAllText(_folder["summary"]));
    }

    private (HiddenFile Hidden, (string From, string To)[] Moves) Prepare()
    {
        var hidden = HiddenFile.New(_folder[""]);
        Directory.CreateDirectory(Path.Combine(hidden.FolderPath, "old"));
        Directory.CreateDirectory(_folder["taken"]);
        File.WriteAllText(_folder["summary"], "old");
        File.WriteAllText(_folder["fresh"], "new");
        return (hidden, [(_folder["summary"], Path.Combine(hidden.FolderPath, "old", "summary"))]);
    }
}
