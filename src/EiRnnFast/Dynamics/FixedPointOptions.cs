namespace EiRnnFast.Dynamics;

/// <summary>Tolerances and limits of the search for fixed and slow points; q = ½‖F(h) − h‖², half the squared speed per step.</summary>
public sealed record FixedPointOptions
{
    /// <summary>Most q of a fixed point: a speed of 1.4e-10 a step.</summary>
    public double FixedTolerance { get; init; } = 1e-20;

    /// <summary>Most q of a slow point: a speed of 1.4e-3 a step.</summary>
    public double SlowTolerance { get; init; } = 1e-6;

    /// <summary>A descent has ended when its step is shorter (Euclidean).</summary>
    public double StepTolerance { get; init; } = 1e-12;

    /// <summary>Most ‖∇q‖ over ‖F(h) − h‖ of a minimum of q above <see cref="FixedTolerance"/>; a descent ends there.</summary>
    public double GradientTolerance { get; init; } = 1e-7;

    /// <summary>Two ends that differ by less in every unit are one point.</summary>
    public double Distance { get; init; } = 1e-3;

    /// <summary>Most steps of a descent.</summary>
    public int Iterations { get; init; } = 300;

    /// <summary>Most descents that follow those of the starts, while the points found cannot be all of them.</summary>
    public int FurtherStarts { get; init; } = 500;

    /// <summary>Steps that a state runs freely towards what attracts it, where a start does.</summary>
    public int FreeSteps { get; init; } = 500;

    /// <summary>Checks every tolerance.</summary>
    /// <exception cref="InvalidInputException">The first that cannot be used.</exception>
    public void Validate()
    {
        if (!(FixedTolerance is > 0 and < 1))
            throw InvalidInputException.Of("fixed-point tolerance", FixedTolerance, "above 0 and below 1", "1e-20 is usual");
        if (!(SlowTolerance >= FixedTolerance && SlowTolerance < 1))
            throw InvalidInputException.Of("slow-point tolerance", SlowTolerance, $"{FixedTolerance} or above, below 1", "1e-6 is usual");
        if (!(StepTolerance is > 0 and < 1))
            throw InvalidInputException.Of("step tolerance", StepTolerance, "above 0 and below 1", "1e-12 is usual");
        if (!(GradientTolerance is > 0 and < 1))
            throw InvalidInputException.Of("gradient tolerance", GradientTolerance, "above 0 and below 1", "1e-7 is usual");
        if (!(Distance is > 0 and < 2))
            throw InvalidInputException.Of("distance of points", Distance, "above 0 and below 2", "1e-3 is usual");
        if (FurtherStarts < 0) throw InvalidInputException.Of("further starts", FurtherStarts, "0 or more", "500 is usual");
        if (FreeSteps < 0) throw InvalidInputException.Of("free steps of the starts", FreeSteps, "0 or more", "500 is usual");
        if (Iterations < 1) throw InvalidInputException.Of("iterations", Iterations, "1 or more", "300 is usual");
    }
}

/// <summary>Where a descent of q has ended.</summary>
public enum DescentEnd
{
    /// <summary>q within <see cref="FixedPointOptions.FixedTolerance"/>.</summary>
    Fixed,

    /// <summary>A minimum of q above that, within <see cref="FixedPointOptions.SlowTolerance"/>.</summary>
    Slow,

    /// <summary>A minimum of q above both: nothing rests or lingers there.</summary>
    Fast,

    /// <summary>No minimum within <see cref="FixedPointOptions.Iterations"/>.</summary>
    Unfinished,
}
