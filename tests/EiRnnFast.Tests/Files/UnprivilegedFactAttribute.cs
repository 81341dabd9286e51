namespace EiRnnFast.Tests.Files;

/// <summary>A test of file permissions; skipped where nothing is forbidden to the user.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess) Skip = "needs Unix permissions and a user bound by them";
    }
}
