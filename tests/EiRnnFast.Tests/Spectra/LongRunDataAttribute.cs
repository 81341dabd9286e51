using System.Globalization;
using System.Reflection;
using Xunit.Sdk;

namespace EiRnnFast.Tests.Spectra;

/// <summary>A row of a theory that takes minutes; skipped unless EIRNN_ENSEMBLE asks for the long run.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class LongRunDataAttribute : DataAttribute
{
    public LongRunDataAttribute(params object[] values)
    {
        Values = values;
        if (Times == 1) Skip = "takes minutes; EIRNN_ENSEMBLE=10 runs it";
    }

    /// <summary>How many times the usual number of networks.</summary>
    public static int Times { get; } =
        int.Parse(Environment.GetEnvironmentVariable("EIRNN_ENSEMBLE") ?? "1", CultureInfo.InvariantCulture);

    public IReadOnlyList<object> Values { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[.. Values]];
}
