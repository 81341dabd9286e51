using EiRnnFast.Numerics;

namespace EiRnnFast.Tasks.Yang;

/// <summary>One of the study's rules: what a trial shows, and which answer is right.</summary>
/// <param name="name">Its name here; the task that has only this rule is called yang-NAME.</param>
/// <param name="study">Its name in the study's code.</param>
internal abstract class YangRule(string name, string study)
{
    public string Name => name;

    public string StudyName => study;

    /// <summary>What has to be done.</summary>
    public abstract string Description { get; }

    /// <summary>What the input rings show, and when the answer is due.</summary>
    public abstract string Timeline { get; }

    /// <summary>Steps of the longest trial.</summary>
    public abstract int Longest { get; }

    /// <summary>Whether the right answer of some trials is to fixate until the end.</summary>
    public virtual bool MayFixate => false;

    /// <summary>Whether the answer is the stronger of two stimuli.</summary>
    public virtual bool Compares => false;

    /// <summary>Draws one trial.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="easy">Whether the strengths of two stimuli differ more, as in some of the study's trainings.</param>
    public abstract YangTrial Draw(NumPyRandom random, bool easy);
}
