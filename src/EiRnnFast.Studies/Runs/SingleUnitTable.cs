using System.Globalization;
using System.Text;
using EiRnnFast.Dynamics;

namespace EiRnnFast.Studies.Runs;

/// <summary>What is left of networks without each of their units alone, as CSV (RFC 4180): a row a unit.</summary>
internal static class SingleUnitTable
{
    public static string Of(DynamicsRun run)
    {
        var text = new StringBuilder("group,file,unit,population,sign,accuracy,loss,accuracy_change,loss_change\n");
        foreach (var network in run.Networks)
            foreach (var one in network.SingleUnits ?? [])
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"{DynamicsTables.GroupName(network.Against)},{DynamicsTables.Quoted(network.File)},{one.Unit},{PopulationOf(one)},");
                text.Append(CultureInfo.InvariantCulture, $"{one.Sign},{one.Accuracy:R},{one.Loss:R},");
                text.Append(CultureInfo.InvariantCulture, $"{one.Accuracy - network.Accuracy:R},{one.Loss - network.Loss:R}\n");
            }
        return text.ToString();
    }

    /// <summary>excitatory, inhibitory, or all without a sign constraint.</summary>
    public static string PopulationOf(SingleUnit unit) => unit.Sign switch
    {
        > 0 => "excitatory",
        < 0 => "inhibitory",
        _ => "all",
    };
}
