using System.Text.RegularExpressions;
// <embedding>
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Tasks;
using EiRnnFast.Training;
// </embedding>

namespace EiRnnFast.Tests.House;

/// <summary>The README's C# example, run as it stands there.</summary>
public sealed class EmbeddingExampleTests
{
    [Fact]
    public void The_readmes_example_trains_a_network_and_finds_its_spectrum()
    {
        // <embedding>
        var spec = new NetworkSpec { Units = 100, Inputs = 2, Outputs = 1,
                                     Signs = SignConstraint.Presynaptic(excitatory: 0.5), Init = RecurrentInit.Orthogonal() };
        var net    = EiRnn.Create(spec, seed: 7);
        var result = new Trainer(net, TaskCatalog.Get("and")).Run(new TrainingOptions { Epochs = 1 });
        var after  = Spectrum.Of(net);
        Console.WriteLine($"loss {result.FinalLoss:g3}, {after.Shape} of radius {after.OuterRadius:0.00}, {after.Outliers.Count} outliers");
        // </embedding>
        Assert.Equal(0, result.Audit.Violations);
        Assert.InRange(result.FinalLoss!.Value, 0.01, 0.2);
        Assert.Equal(SpectrumShape.Ring, after.Shape);
        Assert.InRange(after.OuterRadius, 0.5, 0.7);
    }

    [Fact]
    public void The_readme_shows_exactly_this_code()
    {
        static string Squeeze(string code) => Regex.Replace(code, @"\s+", " ").Trim();
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests/EiRnnFast.Tests/House/EmbeddingExampleTests.cs"));
        var code = string.Concat(Regex.Matches(source, @"^\s*// <embedding>\n(.*?)// </embedding>", RegexOptions.Singleline | RegexOptions.Multiline).Select(part => part.Groups[1].Value));
        var readme = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "README.md")), "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal(Squeeze(code), Squeeze(readme));
    }
}
