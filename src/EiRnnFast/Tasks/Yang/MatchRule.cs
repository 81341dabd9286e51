using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks.Yang;

/// <summary>
/// Two stimuli with a delay between; respond to the second if they match (or if they do not), else fixate. They match in direction or in
/// category: below π or not. Draws: ring of the first and of the second <c>randint(2)</c>; for directions, match <c>randint(2)</c>,
/// first direction <c>2π·random_sample()</c>, distance <c>π/9 + 16π/9·random_sample()</c> and its sign <c>randint(2)</c>, both unused by a
/// match; for categories, two directions <c>(0.1 + 0.2·randint(10))·π</c>; then the times in their order.
/// </summary>
internal sealed class MatchRule(string name, string study, bool category, bool respondToMatch) : YangRule(name, study)
{
    private static readonly Duration s_before = Duration.OneOf(200, 400, 600), s_first = Duration.OneOf(200, 400, 600),
        s_delay = Duration.OneOf(200, 400, 800, 1600);

    private readonly Duration _response = category ? Duration.OneOf(200, 400, 600) : Duration.Response;

    public override bool MayFixate => true;

    public override string Description =>
        $"respond to the second of two stimuli if their {(category ? "categories" : "directions")} "
        + (respondToMatch ? "match; else go on fixating" : "differ; else go on fixating");

    public override string Timeline =>
        (category ? "directions of 0.1π, 0.3π … 1.9π each, those below π are one category"
            : "directions equal in half of the trials, else 20° to 340° apart")
        + $"; the first on one ring after {s_before}, for {s_first}; a delay of {s_delay}; the second on one ring until the end "
        + $"{_response} later; the answer is due when it comes on; the fixation input stays on";

    public override int Longest => s_before.Longest + s_first.Longest + s_delay.Longest + _response.Longest;

    public override YangTrial Draw(NumPyRandom random, bool easy)
    {
        int ring1 = random.RandInt(2), ring2 = random.RandInt(2);
        var (first, second, match) = category ? DrawCategories(random) : DrawDirections(random);
        var on = s_before.Draw(random);
        var off = on + s_first.Draw(random);
        var go = off + s_delay.Draw(random);
        var end = go + _response.Draw(random);
        return new YangTrial([new Stimulus(ring1, first, 1, on, off), new Stimulus(ring2, second, 1, go, end)], end, go, end,
            match == respondToMatch ? second : null);
    }

    private static (double First, double Second, bool Match) DrawDirections(NumPyRandom random)
    {
        var match = random.RandInt(2) == 1;
        var first = Ring.DrawDirection(random);
        var distance = Math.PI * (1 + 16 * random.RandomSample()) / 9 * (2 * random.RandInt(2) - 1);
        return (first, match ? first : Ring.Wrap(first + distance), match);
    }

    private static (double First, double Second, bool Match) DrawCategories(NumPyRandom random)
    {
        int first = random.RandInt(10), second = random.RandInt(10);
        return ((0.1 + 0.2 * first) * Math.PI, (0.1 + 0.2 * second) * Math.PI, first < 5 == second < 5);
    }
}
