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
                double[] values = [one.Rank, one.Norm, one.Accuracy, one.Loss, one.WrongSigns, one.Absent, one.RemovedNorm,
                    one.ProjectedAccuracy, one.ProjectedLoss];
                foreach (var value in values) text.Append(',').Append(double.IsFinite(value) ? Exact(value) : "");
                text.Append('\n');
            }
        return text.ToString();

        static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }
}
