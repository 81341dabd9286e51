namespace EiRnnFast.Training;

/// <summary>How the learning rate changes with the updates done, k.</summary>
public enum LearningRateSchedule
{
    /// <summary>lr/(1 + decay·k) (the published code).</summary>
    Decay,

    /// <summary>lr throughout.</summary>
    Constant,

    /// <summary>lr·½(1 + cos(πk/K)), K the updates of all epochs (Loshchilov and Hutter 2017).</summary>
    Cosine,

    /// <summary>lr times a factor after every so many epochs.</summary>
    Steps,
}

/// <summary>What makes a step of a gradient.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma and Ba 2015).</summary>
    Adam,

    /// <summary>Gradient descent with momentum: u ← μu − lr·g, p ← p + u, or p + μu − lr·g (Nesterov).</summary>
    Sgd,
}
