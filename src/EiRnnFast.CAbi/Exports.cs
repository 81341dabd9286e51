#if !NATIVE
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace EiRnnFast.CAbi;

/// <summary>The functions of eirnn.h where .NET itself hosts the library: there they are methods, no symbols.</summary>
public static unsafe class Exports
{
    /// <summary>The address of a function, by its name in ASCII with a 0 byte at its end; 0 where there is none.</summary>
    [UnmanagedCallersOnly]
    public static nint Find(byte* name)
    {
        var wanted = Marshal.PtrToStringAnsi((nint)name);
        return In(typeof(RunExports), wanted) ?? In(typeof(NetworkExports), wanted) ?? In(typeof(AnalysisExports), wanted) ?? 0;
    }

    private static nint? In([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] Type type, string? wanted) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .FirstOrDefault(method => method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint == wanted)
            ?.MethodHandle.GetFunctionPointer();
}
#endif
