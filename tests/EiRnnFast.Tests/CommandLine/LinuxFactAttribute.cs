namespace EiRnnFast.Tests.CommandLine;

/// <summary>A test of what Linux alone has: its devices, its memory folder, bash at its place.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "needs Linux";
    }
}
