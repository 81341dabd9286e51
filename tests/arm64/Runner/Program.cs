using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace EiRnnFast.Tests.Runner;

/// <summary>Runs the tests of which the full name contains one of the arguments, and none of those after an exclamation mark.</summary>
internal static class Program
{
    public static int Main(string[] parts)
    {
        var assembly = Assembly.Load("EiRnnFast.Tests");
        using var framework = new XunitTestFramework(new Log());
        using var discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        using var executor = framework.GetExecutor(assembly.GetName());
        var (found, log, options) = (new Found(), new Log(), new Options());
        discoverer.Find(includeSourceInformation: false, found, options);
        found.Finished.Wait();
        executor.RunTests(found.Cases.Where(test => parts.Any(part => Has(test, part)) && !parts.Any(part => part[0] == '!'
            && Has(test, part[1..]))), log, options);
        log.Finished.Wait();
        Console.WriteLine($"{log.Passed} passed, {log.Failed} failed, {log.Skipped} skipped");
        return log.Failed == 0 && log.Passed > 0 ? 0 : 1;
    }

    private static bool Has(ITestCase test, string part) =>
        $"{test.TestMethod.TestClass.Class.Name}.{test.TestMethod.Method.Name}".Contains(part, StringComparison.Ordinal);

    private sealed class Found : IMessageSink
    {
        public List<ITestCase> Cases { get; } = [];
        public ManualResetEventSlim Finished { get; } = new();

        public bool OnMessage(IMessageSinkMessage message)
        {
            if (message is ITestCaseDiscoveryMessage discovery) Cases.Add(discovery.TestCase);
            if (message is IDiscoveryCompleteMessage) Finished.Set();
            return true;
        }
    }

    private sealed class Log : IMessageSink
    {
        public int Passed, Failed, Skipped;
        public ManualResetEventSlim Finished { get; } = new();

        public bool OnMessage(IMessageSinkMessage message)
        {
            switch (message)
            {
                case ITestPassed passed:
                    Interlocked.Increment(ref Passed);
                    if (passed.ExecutionTime > 10) Console.WriteLine($"{passed.ExecutionTime:0} s: {passed.Test.DisplayName}");
                    break;
                case ITestSkipped skipped:
                    Interlocked.Increment(ref Skipped);
                    Console.WriteLine($"skipped: {skipped.Test.DisplayName}: {skipped.Reason}");
                    break;
                case IFailureInformation failure: // of a test, and of what stands around tests
                    Interlocked.Increment(ref Failed);
                    var what = message is ITestMessage test ? test.Test.DisplayName : message.GetType().Name;
                    Console.WriteLine($"FAILED: {what}: {string.Join(Environment.NewLine, failure.Messages)}");
                    break;
                case ITestAssemblyFinished: Finished.Set(); break;
            }
            return true;
        }
    }

    /// <summary>One test after the other: an emulated processor is no place for races.</summary>
    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = new() { ["xunit.execution.DisableParallelization"] = true };

        public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out var value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
