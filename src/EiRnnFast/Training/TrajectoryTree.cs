using EiRnnFast.Kernels;

namespace EiRnnFast.Training;

/// <summary>
/// The hidden states that a batch has to compute. Without noise, trials whose inputs agree up to step t share h up to t: one
/// row per distinct input prefix serves them all, forward and backward, exactly. Rows are numbered in the order of birth, so
/// that step t computes rows 0 … R(t)−1; a row born at step t starts from a copy of its parent's state, and its δ flows back
/// into the parent's. Where this saves too little, or is not wanted, every trial has a row of its own.
/// </summary>
internal sealed class TrajectoryTree
{
    /// <summary>Sharing is used when at most this part of the rows remains; the bookkeeping costs about one part in a hundred.</summary>
    private const double WorthSharing = 0.95;

    private readonly KernelSet _kernels;
    private readonly int[] _rows, _offset, _birth, _parent, _trialOf, _leaf;
    private readonly int[] _classes, _common, _order;
    private readonly long[] _byBirth;

    public TrajectoryTree(int batchSize, int steps, KernelSet kernels)
    {
        _kernels = kernels;
        Steps = steps;
        _rows = new int[steps + 1];
        _offset = new int[steps + 2];
        _birth = new int[batchSize];
        _parent = new int[batchSize];
        _trialOf = new int[batchSize];
        _leaf = new int[batchSize];
        _classes = new int[batchSize];
        _common = new int[batchSize];
        _order = new int[batchSize];
        _byBirth = new long[batchSize];
    }

    /// <summary>Timesteps T.</summary>
    public int Steps { get; }

    /// <summary>Rows in all, R(T−1).</summary>
    public int Count { get; private set; }

    /// <summary>Whether a row may stand for several trials; otherwise each trial of the batch, in its order, has one.</summary>
    public bool IsShared { get; private set; }

    /// <summary>Σ_t R(t): states computed for the batch, of B·T without sharing.</summary>
    public long StatesComputed { get; private set; }

    /// <summary>R(t): rows of step t; R(T) = R(T−1).</summary>
    public int Rows(int t) => _rows[t];

    /// <summary>Rows of step t padded to the tile.</summary>
    public int PaddedRows(int t) => _kernels.PadRows(_rows[t]);

    /// <summary>Σ_{s&lt;t} of the padded rows: where step t begins when steps are stored one after the other.</summary>
    public int Offset(int t) => _offset[t];

    /// <summary>The step at which a row parts from its parent; 0 for rows without one.</summary>
    public int Birth(int row) => _birth[row];

    /// <summary>The row whose state at step birth − 1 it continues; −1 for rows born at step 0.</summary>
    public int Parent(int row) => _parent[row];

    /// <summary>Position in the batch of a trial that has the row's inputs.</summary>
    public int TrialOf(int row) => _trialOf[row];

    /// <summary>The row of a trial (by its position in the batch) at the last step; earlier steps: its ancestors'.</summary>
    public int Leaf(int position) => _leaf[position];

    /// <summary>Every trial its own row.</summary>
    public void Separate(int trials)
    {
        IsShared = false;
        for (var i = 0; i < trials; i++) (_birth[i], _parent[i], _trialOf[i], _leaf[i]) = (0, -1, i, i);
        SetRows(trials);
    }

    /// <summary>One row per distinct input prefix of the trials.</summary>
    public void Share(InputPrefixes prefixes, ReadOnlySpan<int> trials)
    {
        // Distinct classes in the order of their inputs, each with the steps it has in common with the one before it.
        var classes = _classes.AsSpan(0, trials.Length);
        var positions = _order.AsSpan(0, trials.Length);
        for (var i = 0; i < trials.Length; i++) (classes[i], positions[i]) = (prefixes.ClassOf(trials[i]), i);
        classes.Sort(positions);
        var count = 0;
        for (var i = 0; i < trials.Length; i++)
        {
            if (i == 0 || classes[i] != classes[i - 1])
            {
                _common[count] = i == 0 ? -1 : prefixes.CommonSteps(classes[i - 1], classes[i]);
                _trialOf[count++] = positions[i];
            }
            _leaf[positions[i]] = count - 1;
        }

        // Rows in the order of birth. The parent is the nearest class before it that parted earlier.
        var rowOf = positions[..count];
        var byBirth = _byBirth.AsSpan(0, count);
        for (var c = 0; c < count; c++) byBirth[c] = ((long)_common[c] << 32) + c;
        byBirth.Sort();
        for (var row = 0; row < count; row++) rowOf[(int)byBirth[row]] = row;
        for (var row = 0; row < count; row++)
        {
            var c = (int)byBirth[row];
            var ancestor = c - 1;
            while (ancestor >= 0 && _common[ancestor] >= _common[c]) ancestor--;
            _birth[row] = Math.Max(0, _common[c]);
            _parent[row] = _common[c] <= 0 ? -1 : rowOf[ancestor];
        }
        for (var i = 0; i < trials.Length; i++) _leaf[i] = rowOf[_leaf[i]];
        for (var c = 0; c < count; c++) _common[rowOf[c]] = _trialOf[c];
        _common.AsSpan(0, count).CopyTo(_trialOf);
        SetRows(count);
        IsShared = true;
        if (Offset(Steps) > WorthSharing * _kernels.PadRows(trials.Length) * Steps) Separate(trials.Length);
    }

    private void SetRows(int count)
    {
        Count = count;
        StatesComputed = 0;
        for (int t = 0, row = 0; t <= Steps; t++)
        {
            while (row < count && _birth[row] <= t) row++;
            _rows[t] = row;
            _offset[t + 1] = _offset[t] + _kernels.PadRows(row);
            if (t < Steps) StatesComputed += row;
        }
    }
}
