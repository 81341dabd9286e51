namespace EiRnnFast.Tasks.Yang;

/// <summary>A bump on an input ring over the steps [On, Off).</summary>
/// <param name="Ring">Ring 0 or 1; the study calls them modalities 1 and 2.</param>
/// <param name="Direction">Where it is, 0 … 2π.</param>
/// <param name="Strength">Its strength; 1 has a peak of 0.8.</param>
/// <param name="On">First step.</param>
/// <param name="Off">Step after the last.</param>
internal readonly record struct Stimulus(int Ring, double Direction, double Strength, int On, int Off);

/// <summary>All that is drawn of one trial.</summary>
/// <param name="Stimuli">What the input rings show.</param>
/// <param name="FixationOff">Step from which the fixation input is 0; the trial's end where it stays on.</param>
/// <param name="Go">Step from which the answer is due.</param>
/// <param name="End">Step after the trial's last.</param>
/// <param name="Response">Direction of the answer; null where the right answer is to fixate until the end.</param>
internal sealed record YangTrial(Stimulus[] Stimuli, int FixationOff, int Go, int End, double? Response);
