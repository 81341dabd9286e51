using System.Globalization;
using System.Text;
using EiRnnFast.Dynamics;

namespace EiRnnFast.Studies.Runs;

/// <summary>How networks do with part of what training has added, in JSON and as CSV (RFC 4180).</summary>
internal static class LearnedTruncationTable
{
    /// <summary>Part <c>learned</c> of a network in <c>dynamics.json</c>.</summary>
    public static object? Of(LearnedTruncations? learned) => learned is null ? null : new
    {
        learned.Keeping, learned.Settled, learned.ProjectedKeeping, learned.ProjectedSettled, learned.Ranks,
    };

    /// <summary>A row for each network and rank.</summary>
    public static string Csv(DynamicsRun run)
    {
        var text = new StringBuilder(
            "group,file,rank,norm,accuracy,loss,wrong_signs,absent,removed_norm,projected_accuracy,projected_loss\n");
        foreach (var network in run.Networks)
            foreach (var one in network.Learned?.Ranks ?? [])
            {
                text.Append(DynamicsTables.GroupName(network.Against)).Append(',').Append(DynamicsTables.Quoted(network.File));
                text.Append(CultureInfo.InvariantCulture, $",{one.Rank},{one.Norm:R},{one.Accuracy:R},{one.Loss:R},{one.WrongSigns:R},");
                text.Append(CultureInfo.InvariantCulture, $"{one.Absent:R},{one.RemovedNorm:R},");
                text.Append(CultureInfo.InvariantCulture, $"{one.ProjectedAccuracy:R},{one.ProjectedLoss:R}\n");
            }
        return text.ToString();
    }
}
