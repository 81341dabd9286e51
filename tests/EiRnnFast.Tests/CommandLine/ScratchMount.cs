using System.ComponentModel;
using System.Diagnostics;

namespace EiRnnFast.Tests.CommandLine;

/// <summary>An empty file system of its own: one that nobody, not even root, can write to, or one that is soon full.</summary>
public sealed class ScratchMount : IDisposable
{
    private readonly string _folder;

    public ScratchMount(string folder, string options = "ro")
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        Assert.True(Succeeds("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder), "mounting failed");
    }

    /// <summary>Whether this user may mount on this system.</summary>
    public static bool IsPossible { get; } = TryMount();

    /// <summary>Changes its options.</summary>
    public static bool Remount(string folder, string options) => Succeeds("mount", "-o", $"remount,{options}", folder);

    public void Dispose() => Assert.True(Succeeds("umount", _folder), "unmounting failed");

    private static bool TryMount()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return false;
        var folder = Directory.CreateTempSubdirectory("eirnn-tests-").FullName;
        try
        {
            return Succeeds("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder) && Succeeds("umount", folder);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // no such program
        }
    }
}

/// <summary>A test that mounts a read-only file system, or says why it cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScratchMountFactAttribute : FactAttribute
{
    public ScratchMountFactAttribute()
    {
        if (!ScratchMount.IsPossible)
            Skip = "mounting a file system needs Linux, root and the permission to mount (containers often lack it)";
    }
}
