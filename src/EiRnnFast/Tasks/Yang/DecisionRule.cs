using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks.Yang;

/// <summary>Which rings show the two stimuli, and which of them decides.</summary>
internal enum Evidence { Ring1, Ring2, Ring1OfBoth, Ring2OfBoth, Sum }

/// <summary>
/// Two stimuli, together or one after the other; the answer is the direction of the stronger. Draws: first direction
/// <c>2π·random_sample()</c>, distance <c>π/2 + π·random_sample()</c>, its sign <c>randint(2)</c>, strengths, then the times in order.
/// A pair of strengths: mean <c>0.8 + 0.4·random_sample()</c>, coherence <c>choice(list)</c>, its sign <c>randint(2)</c>.
/// Where both rings show stimuli: a pair for each ring; for the sum: one pair, then how each of its two strengths differs between the
/// rings, a part of <c>0.2 + 0.6·random_sample()</c> with a sign <c>randint(2)</c>.
/// </summary>
internal sealed class DecisionRule(string name, string study, Evidence evidence, bool delayed) : YangRule(name, study)
{
    private static readonly Duration s_delay = Duration.OneOf(200, 400, 800, 1600), s_last = Duration.Between(100, 300);

    private readonly double[] _coherences = delayed ? [0.08, 0.16, 0.32] : [0.01, 0.02, 0.04, 0.08];
    private readonly double _easyFactor = delayed ? 2 : 10;
    private readonly Duration _before = delayed ? Duration.OneOf(200, 400, 600) : Duration.Between(100, 400);
    private readonly Duration _stimulus = delayed ? Duration.OneOf(200, 400, 600) : Duration.OneOf(400, 800, 1600);

    public override bool Compares => true;

    public override string Description =>
        "respond in the direction of the stronger of two stimuli" + evidence switch
        {
            Evidence.Ring1 => " on ring 1",
            Evidence.Ring2 => " on ring 2",
            Evidence.Ring1OfBoth => " on ring 1; ring 2 does not matter",
            Evidence.Ring2OfBoth => " on ring 2; ring 1 does not matter",
            _ => ", both rings taken together",
        } + (delayed ? "; one comes after the other" : "");

    public override string Timeline => "strengths m + c and m − c in either order, mean m of 0.8 … 1.2, coherence c of "
        + FormattableString.Invariant($"{string.Join(", ", _coherences)}, with easy {_easyFactor} times these")
        + "; directions π/2 … 3π/2 apart"
        + evidence switch
        {
            Evidence.Ring1 or Evidence.Ring2 => "",
            Evidence.Sum => "; each is shown on both rings, there stronger and here weaker by 10 to 40 %",
            _ => "; the other ring shows the same directions with strengths of its own",
        }
        + (delayed
            ? $"; the first on after {_before}, for {_stimulus}, a delay of {s_delay}, the second for {_stimulus}; "
                + $"the answer is due when fixation goes off, {s_last} later"
            : $"; both on after {_before}, for {_stimulus}; the answer is due when they and fixation go off")
        + $"; it lasts {Duration.Response}";

    public override int Longest => _before.Longest + _stimulus.Longest
        + (delayed ? s_delay.Longest + _stimulus.Longest + s_last.Longest : 0) + Duration.Response.Longest;

    public override YangTrial Draw(NumPyRandom random, bool easy)
    {
        var first = Ring.DrawDirection(random);
        var distance = Math.PI * (0.5 + random.RandomSample());
        var second = Ring.Wrap(first + distance * DrawSign(random));
        Span<(double First, double Second)> strengths = stackalloc (double, double)[2];
        DrawStrengths(random, easy, strengths);
        var on = _before.Draw(random);
        var off = on + _stimulus.Draw(random);
        var (secondOn, secondOff, go) = (on, off, off);
        if (delayed)
        {
            secondOn = off + s_delay.Draw(random);
            secondOff = secondOn + _stimulus.Draw(random);
            go = secondOff + s_last.Draw(random);
        }
        var stimuli = new Stimulus[evidence is Evidence.Ring1 or Evidence.Ring2 ? 2 : 4];
        var count = 0;
        for (var ring = 0; ring < 2; ring++)
        {
            if (evidence == Evidence.Ring1 && ring == 1 || evidence == Evidence.Ring2 && ring == 0) continue;
            stimuli[count++] = new Stimulus(ring, first, strengths[ring].First, on, off);
            stimuli[count++] = new Stimulus(ring, second, strengths[ring].Second, secondOn, secondOff);
        }
        var difference = evidence switch
        {
            Evidence.Ring1 or Evidence.Ring1OfBoth => strengths[0].First - strengths[0].Second,
            Evidence.Ring2 or Evidence.Ring2OfBoth => strengths[1].First - strengths[1].Second,
            _ => strengths[0].First + strengths[1].First - (strengths[0].Second + strengths[1].Second),
        };
        return new YangTrial(stimuli, go, go, go + Duration.Response.Draw(random), difference > 0 ? first : second);
    }

    private void DrawStrengths(NumPyRandom random, bool easy, Span<(double First, double Second)> ofRings)
    {
        ofRings[0] = ofRings[1] = DrawPair(random, easy);
        if (evidence is Evidence.Ring1OfBoth or Evidence.Ring2OfBoth) ofRings[1] = DrawPair(random, easy);
        if (evidence != Evidence.Sum) return;
        var (first, second) = ofRings[0];
        var ofFirst = first * (0.2 + 0.6 * random.RandomSample()) * DrawSign(random) / 2;
        var ofSecond = second * (0.2 + 0.6 * random.RandomSample()) * DrawSign(random) / 2;
        (ofRings[0], ofRings[1]) = ((first + ofFirst, second + ofSecond), (first - ofFirst, second - ofSecond));
    }

    private (double First, double Second) DrawPair(NumPyRandom random, bool easy)
    {
        var mean = 0.8 + 0.4 * random.RandomSample();
        var difference = _coherences[random.RandInt(_coherences.Length)] * (easy ? _easyFactor : 1) * DrawSign(random);
        return (mean + difference, mean - difference);
    }

    private static int DrawSign(NumPyRandom random) => 2 * random.RandInt(2) - 1;
}
