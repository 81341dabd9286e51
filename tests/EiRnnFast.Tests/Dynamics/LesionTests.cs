using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Tasks;

namespace EiRnnFast.Tests.Dynamics;

public sealed class LesionTests
{
    private static readonly CatalogTask s_task = TaskCatalog.Get("and");
    private static readonly TrialBatch s_trials = s_task.Generate(20, 3);

    [Fact]
    public void A_removed_unit_is_silent_and_unheard()
    {
        // Unit 0 is the one that answers: without it, alone in its population, the output is the readout's bias.
        var network = EiRnn.FromWeights(new NetworkSpec { Units = 3, Inputs = 2, Outputs = 1, Init = null }, [1, 0, 0, 1, 0, 0],
            [0.9f, 0, 0, 0, 0, 0, 0, 0, 0], [0.1f, 0, 0], [1, 0, 0], [0.25f]);
        var curve = Lesions.Ablation(network, s_task, s_trials, [0], [0, 1], 5, 1);
        Assert.Equal([0, 1], curve.Select(point => point.Removed));
        var (accuracy, loss) = Lesions.Judge(network, s_task, s_trials);
        Assert.Equal((accuracy, loss), (Assert.Single(curve[0].Accuracy), Assert.Single(curve[0].Loss)));
        Assert.Equal(s_trials.Y.Average(y => Math.Pow(y - 0.25, 2)), Assert.Single(curve[1].Loss), 1e-6);
        var others = Lesions.Ablation(network, s_task, s_trials, [1, 2], [1, 2], 5, 1);
        Assert.Equal(5, others[0].Loss.Count);
        Assert.All(others.SelectMany(point => point.Loss), left => Assert.Equal(loss, left, 1e-12));
    }

    [Fact]
    public void Draws_repeat_with_the_seed_and_the_network_stays_as_it_is()
    {
        var network = EiRnn.Create(new NetworkSpec { Units = 12, Inputs = 2, Outputs = 1 }, 1);
        var before = network.RecurrentWeights.ToArray();
        double[] Losses(long seed) => [.. Lesions.Ablation(network, s_task, s_trials, [.. Enumerable.Range(0, 12)], [3], 4, seed)[0].Loss];
        Assert.Equal(Losses(1), Losses(1));
        Assert.NotEqual(Losses(1), Losses(2));
        Assert.Equal(before, network.RecurrentWeights.ToArray());
    }

    [Fact]
    public void Pruning_takes_the_smallest_weights_first()
    {
        var network = EiRnn.FromWeights(new NetworkSpec { Units = 2, Inputs = 2, Outputs = 1, Init = null }, [1, 1, 1, 1],
            [0.1f, 0.9f, -0.3f, -0.2f], [], [1, 1], []);
        var curve = Lesions.Pruning(network, s_task, s_trials, [0, 0.5, 1]);
        Assert.Equal([0, 2, 4], curve.Select(point => point.Removed));
        var half = network.Clone();
        half.RecurrentWeights[0] = half.RecurrentWeights[3] = 0; // 0.1 and −0.2
        Assert.Equal(Lesions.Judge(half, s_task, s_trials).Loss, curve[1].Loss[0], 1e-12);
        var none = network.Clone();
        none.RecurrentWeights.Clear();
        Assert.Equal(Lesions.Judge(none, s_task, s_trials).Loss, curve[2].Loss[0], 1e-12);
    }

    [Fact]
    public void What_cannot_be_used_is_refused()
    {
        var network = Nets.Rotation(1, 1); // one input; AND has two
        var message = Assert.Throws<InvalidInputException>(() => Lesions.Judge(network, s_task, s_trials)).Message;
        Assert.Contains("network: found 1 inputs and 1 outputs, expected 2 and 1", message, StringComparison.Ordinal);
        var fitting = EiRnn.Create(new NetworkSpec { Units = 4, Inputs = 2, Outputs = 1 }, 1);
        Assert.Throws<InvalidInputException>(() => Lesions.Ablation(fitting, s_task, s_trials, [0, 1], [3], 1, 1));
        Assert.Throws<InvalidInputException>(() => Lesions.Ablation(fitting, s_task, s_trials, [4], [1], 1, 1));
        Assert.Throws<InvalidInputException>(() => Lesions.Ablation(fitting, s_task, s_trials, [0], [1], 0, 1));
        Assert.Throws<InvalidInputException>(() => Lesions.Pruning(fitting, s_task, s_trials, [1.5]));
    }
}
