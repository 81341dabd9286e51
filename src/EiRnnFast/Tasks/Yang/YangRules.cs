namespace EiRnnFast.Tasks.Yang;

/// <summary>The study's 20 rules, in the order of their input units.</summary>
internal static class YangRules
{
    public static IReadOnlyList<YangRule> All { get; } =
    [
        new ResponseRule("go", "fdgo", AnswerTime.AtFixationOff, anti: false),
        new ResponseRule("rt-go", "reactgo", AnswerTime.AtOnce, anti: false),
        new ResponseRule("dly-go", "delaygo", AnswerTime.AfterDelay, anti: false),
        new ResponseRule("anti", "fdanti", AnswerTime.AtFixationOff, anti: true),
        new ResponseRule("rt-anti", "reactanti", AnswerTime.AtOnce, anti: true),
        new ResponseRule("dly-anti", "delayanti", AnswerTime.AfterDelay, anti: true),
        new DecisionRule("dm-1", "dm1", Evidence.Ring1, delayed: false),
        new DecisionRule("dm-2", "dm2", Evidence.Ring2, delayed: false),
        new DecisionRule("ctx-dm-1", "contextdm1", Evidence.Ring1OfBoth, delayed: false),
        new DecisionRule("ctx-dm-2", "contextdm2", Evidence.Ring2OfBoth, delayed: false),
        new DecisionRule("multi-dm", "multidm", Evidence.Sum, delayed: false),
        new DecisionRule("dly-dm-1", "delaydm1", Evidence.Ring1, delayed: true),
        new DecisionRule("dly-dm-2", "delaydm2", Evidence.Ring2, delayed: true),
        new DecisionRule("ctx-dly-dm-1", "contextdelaydm1", Evidence.Ring1OfBoth, delayed: true),
        new DecisionRule("ctx-dly-dm-2", "contextdelaydm2", Evidence.Ring2OfBoth, delayed: true),
        new DecisionRule("multi-dly-dm", "multidelaydm", Evidence.Sum, delayed: true),
        new MatchRule("dms", "dmsgo", category: false, respondToMatch: true),
        new MatchRule("dnms", "dmsnogo", category: false, respondToMatch: false),
        new MatchRule("dmc", "dmcgo", category: true, respondToMatch: true),
        new MatchRule("dnmc", "dmcnogo", category: true, respondToMatch: false),
    ];

    /// <summary>Whether the study draws this rule more often than the others.</summary>
    public static bool IsDrawnMore(YangRule rule) => rule.StudyName is "contextdm1" or "contextdm2";
}
