namespace EiRnnFast.Model;

/// <summary>The tensors of a network, in the order in which the reference has them.</summary>
public enum NetworkTensor
{
    /// <summary>W_in (Keras: kernel).</summary>
    InputWeights,

    /// <summary>W_rec, or V in the sign modes magnitude and rectified (recurrent_kernel).</summary>
    RecurrentWeights,

    /// <summary>b (bias).</summary>
    Bias,

    /// <summary>W_out (dense_kernel).</summary>
    OutputWeights,

    /// <summary>b_out (dense_bias).</summary>
    OutputBias,

    /// <summary>The state before the first step (initial_state), where it is trained.</summary>
    InitialState,
}
