using System.Numerics;
using EiRnnFast.Dynamics;
using EiRnnFast.Spectra;

namespace EiRnnFast.Similarity;

/// <summary>What a comparison needs of one network: made once, compared with many.</summary>
public sealed class ComparedNetwork
{
    private ComparedNetwork(ActivitySpace space, LinearDynamics? dynamics, Complex[] modes, IReadOnlyList<Complex> spectrum,
        PrincipalComponents components, IReadOnlyList<int> signs) =>
        (Space, Dynamics, Modes, Spectrum, Components, Signs) = (space, dynamics, modes, spectrum, components, signs);

    /// <summary>Its activity.</summary>
    public ActivitySpace Space { get; }

    /// <summary>Linear dynamics of its activity; null where no unit ever changes.</summary>
    public LinearDynamics? Dynamics { get; }

    /// <summary>Eigenvalues of these dynamics; none where there are no dynamics.</summary>
    public IReadOnlyList<Complex> Modes { get; }

    /// <summary>Eigenvalues of W_rec.</summary>
    public IReadOnlyList<Complex> Spectrum { get; }

    /// <summary>Principal components of all units.</summary>
    public PrincipalComponents Components { get; }

    /// <summary>1 for excitatory units, −1 for inhibitory ones, 0 for others, [N].</summary>
    public IReadOnlyList<int> Signs { get; }

    /// <summary>Makes a network ready.</summary>
    /// <param name="states">Rates, [trials×steps×N].</param>
    /// <param name="trials">Trials.</param>
    /// <param name="units">N.</param>
    /// <param name="spectrum">Eigenvalues of W_rec.</param>
    /// <param name="options">The usual ones unless said.</param>
    /// <param name="components">Principal components of all units, if they are known.</param>
    /// <param name="solver">Of the eigenvalues; the current one unless said.</param>
    /// <param name="signs">1 for excitatory units, −1 for inhibitory ones, 0 for others, [N]; 0 unless said.</param>
    /// <exception cref="InvalidInputException">States that are not whole trials or not finite, or an option out of range.</exception>
    /// <exception cref="ComputationException">Singular values or eigenvalues that did not converge.</exception>
    public static ComparedNetwork Of(ReadOnlySpan<float> states, int trials, int units, IReadOnlyList<Complex> spectrum,
        SimilarityOptions? options = null, PrincipalComponents? components = null, EigenSolver? solver = null,
        IReadOnlyList<int>? signs = null)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        options ??= new SimilarityOptions();
        var space = ActivitySpace.Of(states, units, mostMoments: options.Moments);
        components ??= PrincipalComponents.Of(states, units);
        var dynamics = space.IsStill ? null : LinearDynamics.Of(states, trials, units, options.Delay, components);
        return new ComparedNetwork(space, dynamics,
            dynamics is null ? [] : (solver ?? EigenSolver.Current).Eigenvalues(dynamics.Matrix, dynamics.Rank), spectrum,
            components, signs ?? new int[units]);
    }
}
