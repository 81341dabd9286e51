using System.Reflection;
using System.Runtime.InteropServices;
using EiRnnFast.Model;

namespace EiRnnFast.Benchmarks;

/// <summary>What a measurement was made on.</summary>
internal static class Machine
{
    /// <summary>The processor as it calls itself, with family and model, which tell apart those that share a name.</summary>
    public static string Processor { get; } = Describe();

    /// <summary>Engine and runtime, with their versions.</summary>
    public static string Engine { get; } =
        $"EiRnnFast {typeof(EiRnn).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}, "
        + $"{RuntimeInformation.FrameworkDescription}";

    private static string Describe()
    {
        if (!File.Exists("/proc/cpuinfo")) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "processor unknown";
        var facts = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.First()[1]);
        return facts.TryGetValue("model name", out var name)
            ? $"{name} (family {facts.GetValueOrDefault("cpu family")}, model {facts.GetValueOrDefault("model")})"
            : "processor unknown";
    }
}
