namespace EiRnnFast.Training;

/// <summary>What the updates of a training are made of.</summary>
public enum TrainingData
{
    /// <summary>One data set, in a new order every epoch (the published code).</summary>
    Fixed,

    /// <summary>Trials of its own for every update.</summary>
    Fresh,
}

/// <summary>Fresh data: the batch of an update follows from the data seed and its number alone.</summary>
public static class FreshData
{
    /// <summary>
    /// The seed of an update's batch. The finaliser of MurmurHash3, which maps 32 bits one to one, spreads data seed + update: no two
    /// updates of a training have the same.
    /// </summary>
    /// <param name="dataSeed">Seed of the data set.</param>
    /// <param name="update">Number of the update, from 0.</param>
    public static uint SeedOf(uint dataSeed, int update)
    {
        var bits = unchecked(Mixed(dataSeed) + (uint)update);
        return Mixed(bits);

        static uint Mixed(uint bits)
        {
            unchecked
            {
                bits = (bits ^ bits >> 16) * 0x85ebca6b;
                bits = (bits ^ bits >> 13) * 0xc2b2ae35;
                return bits ^ bits >> 16;
            }
        }
    }
}
