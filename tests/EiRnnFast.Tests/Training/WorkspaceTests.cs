using EiRnnFast.Kernels;
using EiRnnFast.Model;
using EiRnnFast.Numerics;
using EiRnnFast.Training;

namespace EiRnnFast.Tests.Training;

public sealed class WorkspaceTests
{
    [Theory]
    [InlineData(100, 2, 1, 64, 290)]
    [InlineData(500, 2, 1, 64, 290)]
    [InlineData(512, 3, 2, 10, 33)]
    [InlineData(7, 1, 1, 5, 12)]
    public void A_training_holds_the_memory_that_the_documentation_states(int n, int i, int o, int b, int t)
    {
        foreach (var set in KernelSet.Available)
        {
            var workspace = new TrainingWorkspace(new NetworkSpec { Units = n, Inputs = i, Outputs = o }, t, b, set);
            long r = set.PadRows(b), w = set.PadUnits(n), s = set.ChannelStride((int)r), d = workspace.BlockRows;
            var p = (i + w + 1 + o) * w + set.PadUnits(o);
            var copies = set.LaneWidth > 1 && w >= 256 ? 128 * (w + 16 + 3 * set.LaneWidth) : 0;
            var stated = 4 * p + 2 * n * w + (t + 1) * r * w + (d + r) * w + copies + (i + o + 1) * w + t * s * (i + 3 * o)
                + 3L * b * t * o;
            var held = typeof(TrainingWorkspace).GetProperties().Where(property => property.PropertyType == typeof(AlignedBuffer))
                .Sum(property => (long)((AlignedBuffer)property.GetValue(workspace)!).Length);
            Assert.Equal(stated, held);
            Assert.Equal(stated, TrainingWorkspace.Floats(new NetworkSpec { Units = n, Inputs = i, Outputs = o }, t, b, set));
        }
    }
}
