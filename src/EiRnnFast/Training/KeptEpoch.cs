namespace EiRnnFast.Training;

/// <summary>Which epoch's weights a network has at the end of its training.</summary>
public enum KeptEpoch
{
    /// <summary>The last finished one.</summary>
    Last,

    /// <summary>The one with the least validation loss.</summary>
    Best,
}
