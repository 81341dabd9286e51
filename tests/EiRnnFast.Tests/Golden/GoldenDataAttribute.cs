using System.Reflection;
using EiRnnFast.Kernels;
using Xunit.Sdk;

namespace EiRnnFast.Tests.Golden;

/// <summary>Golden files times kernel sets; those that need what the engine has not are one skipped row with the reason.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GoldenDataAttribute : DataAttribute
{
    private readonly GoldenCase[] _cases;

    public GoldenDataAttribute(bool isMissing = false)
    {
        _cases = [.. GoldenCase.Files().Select(GoldenCase.Load).Where(golden => golden.Missing is not null == isMissing)];
        if (isMissing) Skip = string.Join("; ", _cases.Select(golden => $"{golden.Name} needs {golden.Missing}"));
        if (Skip is "") Skip = null;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        from golden in _cases
        from set in KernelSet.Available
        select new object[] { golden.File, set.Name };
}
