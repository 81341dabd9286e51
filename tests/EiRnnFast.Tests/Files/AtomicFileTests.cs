using System.Runtime.Versioning;
using EiRnnFast.Files;
using EiRnnFast.Tests.CommandLine;

namespace EiRnnFast.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Replaces_a_file_and_leaves_nothing_else_behind()
    {
        AtomicFile.WriteText(_folder["a.txt"], "first");
        AtomicFile.WriteText(_folder["a.txt"], "zweitens: ü");
        Assert.Equal("zweitens: ü", File.ReadAllText(_folder["a.txt"]));
        Assert.Equal(["a.txt"], _folder.Entries);
    }

    [Fact]
    public void A_failed_write_keeps_the_old_file_and_deletes_the_hidden_one()
    {
        AtomicFile.WriteText(_folder["a.txt"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder["a.txt"], stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Rejection.Of(_folder["a.txt"], () => AtomicFile.Write(_folder["a.txt"], _ => throw new IOException("disk\nfull")));
        Assert.Equal("old", File.ReadAllText(_folder["a.txt"]));
        Assert.Equal(["a.txt"], _folder.Entries);
    }

    [UnixFact]
    public void A_link_stays_and_its_file_changes_and_a_device_takes_what_is_written()
    {
        AtomicFile.WriteText(_folder["target"], "old");
        File.CreateSymbolicLink(_folder["link"], _folder["target"]);
        AtomicFile.WriteText(_folder["link"], "new");
        Assert.NotNull(new FileInfo(_folder["link"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(_folder["target"]));
        AtomicFile.WriteText("/dev/null", "gone");
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        if (File.Exists("/dev/full")) Rejection.Of("/dev/full", () => AtomicFile.WriteText("/dev/full", "no room"));
        Assert.Equal(["link", "target"], _folder.Entries);
    }

    [UnixFact]
    [SupportedOSPlatform("linux")]
    public void A_replaced_file_keeps_its_permissions()
    {
        const UnixFileMode Group = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        foreach (var name in new[] { "a.txt", "b.txt" })
        {
            AtomicFile.WriteText(_folder[name], "old");
            File.SetUnixFileMode(_folder[name], Group);
        }
        AtomicFile.WriteText(_folder["a.txt"], "new");
        FilesAside.Write(_folder[""], null, [], aside =>
        {
            // Nobody else may look at them before they have their permissions.
            Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Path.GetDirectoryName(aside)!));
            File.WriteAllText(Path.Combine(aside, "b.txt"), "new");
        });
        Assert.All(["a.txt", "b.txt"], name =>
            Assert.Equal(("new", Group), (File.ReadAllText(_folder[name]), File.GetUnixFileMode(_folder[name]))));
    }

    [Fact]
    public void A_folder_and_a_missing_folder_are_refused()
    {
        Directory.CreateDirectory(_folder["sub"]);
        Rejection.Of(_folder["sub"], () => AtomicFile.WriteText(_folder["sub"], ""));
        Rejection.Of(_folder["none/a.txt"], () => AtomicFile.WriteText(_folder["none/a.txt"], ""));
        Rejection.Of("", () => AtomicFile.WriteText("", ""));
        Rejection.Of("a\0b", () => AtomicFile.WriteText("a\0b", ""));
        Assert.Equal(["sub"], _folder.Entries);
    }
}
