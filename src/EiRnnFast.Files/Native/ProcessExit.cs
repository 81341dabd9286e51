using System.Runtime.InteropServices;

namespace EiRnnFast.Files.Native;

/// <summary>The end of the process.</summary>
public static class ProcessExit
{
    /// <summary>Ends the process without what a runtime does at its end. On Windows it does nothing.</summary>
    public static void AtOnce(int exitCode)
    {
        if (!OperatingSystem.IsWindows()) Exit(exitCode);
    }

#pragma warning disable SYSLIB1054 // a number needs no generated marshalling
    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void Exit(int exitCode);
#pragma warning restore SYSLIB1054
}
