using EiRnnFast.Kernels;
using EiRnnFast.Studies.Sweeps;

namespace EiRnnFast.Tests.Sweeps;

public sealed class MemoryNeedTests
{
    /// <summary>Each pair lists the same values in either order; the larger need must not hide behind the smaller.</summary>
    [Theory]
    [InlineData("data_seed = [7, \"network\"]", "data_seed = [\"network\", 7]")]
    [InlineData("task = [\"time-pulse\", \"and\"]", "task = [\"and\", \"time-pulse\"]")]
    [InlineData("alpha = [0.2, 1]", "alpha = [1, 0.2]")]
    [InlineData("sign_mode = [\"projection\", \"magnitude\"]", "sign_mode = [\"magnitude\", \"projection\"]")]
    public void The_largest_need_of_a_plan_does_not_depend_on_the_order_of_its_values(string one, string other)
    {
        long Most(string plan, int atATime) =>
            CostModel.Largest(SweepPlan.Parse($"units = 50\nepochs = 1\n{plan}", "plan").Runs, KernelSet.Current, atATime).Bytes;
        foreach (var atATime in new[] { 1, 2 }) Assert.Equal(Most(one, atATime), Most(other, atATime));
    }
}
