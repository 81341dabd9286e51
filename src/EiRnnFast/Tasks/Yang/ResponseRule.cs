using System.Diagnostics;
using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks.Yang;

/// <summary>When a stimulus is answered.</summary>
internal enum AnswerTime { AtFixationOff, AtOnce, AfterDelay }

/// <summary>
/// One stimulus; the answer is its direction, or the opposite one. Draws: ring <c>randint(2)</c>, direction <c>2π·random_sample()</c>,
/// then the times in their order.
/// </summary>
internal sealed class ResponseRule(string name, string study, AnswerTime time, bool anti) : YangRule(name, study)
{
    private readonly Duration _before = time switch
    {
        AnswerTime.AtFixationOff => Duration.Between(300, 700),
        AnswerTime.AtOnce => Duration.Between(500, 2500),
        AnswerTime.AfterDelay => Duration.OneOf(300, 500, 700),
        _ => throw new UnreachableException($"no time of {time}"),
    };

    private readonly Duration _stimulus = time switch
    {
        AnswerTime.AtFixationOff => Duration.Between(500, 1500),
        AnswerTime.AtOnce => Duration.OneOf(0),
        _ => Duration.OneOf(200, 400, 600),
    };

    private readonly Duration _delay = time == AnswerTime.AfterDelay ? Duration.OneOf(200, 400, 800, 1600) : Duration.OneOf(0);

    public override string Description => (anti ? "respond opposite to a stimulus" : "respond in the direction of a stimulus") + time switch
    {
        AnswerTime.AtFixationOff => ", which stays on, when fixation goes off",
        AnswerTime.AtOnce => " as soon as it comes on",
        _ => " that is gone when fixation goes off",
    };

    public override string Timeline => $"a stimulus on one ring after {_before}" + time switch
    {
        AnswerTime.AtFixationOff => $", until the end; the answer is due when fixation goes off, {_stimulus} later",
        AnswerTime.AtOnce => ", until the end; the answer is due when it comes on, and the fixation input stays on",
        _ => $", for {_stimulus}; the answer is due when fixation goes off, a delay of {_delay} later",
    } + $"; it lasts {Duration.Response}";

    public override int Longest => _before.Longest + _stimulus.Longest + _delay.Longest + Duration.Response.Longest;

    public override YangTrial Draw(NumPyRandom random, bool easy)
    {
        var ring = random.RandInt(2);
        var direction = Ring.DrawDirection(random);
        var on = _before.Draw(random);
        var off = on + _stimulus.Draw(random);
        var go = off + _delay.Draw(random);
        var end = go + Duration.Response.Draw(random);
        return new YangTrial([new Stimulus(ring, direction, 1, on, time == AnswerTime.AfterDelay ? off : end)],
            time == AnswerTime.AtOnce ? end : go, go, end, anti ? Ring.Wrap(direction + Math.PI) : direction);
    }
}
