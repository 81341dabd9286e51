namespace EiRnnFast.Settings;

/// <summary>The settings of a published study as a named list of values. A setting that is given itself wins.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Study">The study, and where its code is.</param>
/// <param name="Values">Settings by name.</param>
/// <param name="NotBuilt">What the study has and this list has not, in sentences.</param>
public sealed record Preset(string Name, string Study, IReadOnlyDictionary<string, object> Values, IReadOnlyList<string> NotBuilt)
{
    /// <summary>An earlier name, still read.</summary>
    public string? OldName { get; init; }

    /// <summary>All of them, in the order of their years.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("jarne-2023", "Jarne & Caruso, arXiv 2208.10304: the effect of E/I ratio and size; the published code's axis",
            Of(("units", 100L), ("sign_axis", "postsynaptic"), ("excitatory", 0.5), ("learning_rate", 1e-4), ("decay", 1e-4),
                ("batch", 64L)),
            []) { OldName = "published" },
        new("song-2016", "Song, Yang & Wang, PLoS Comput. Biol. 12, e1004792 (2016); code: pycog",
            Fresh(20, 400, 40, ("units", 100L), ("excitatory", 0.8), ("sign_mode", "rectified"), ("cell_form", "voltage"),
                ("activation", "relu"), ("alpha", 0.2), ("noise_rec", 0.15), ("noise_in", 0.01), ("init", "gamma"),
                ("spectral_radius", 1.5), ("autapses", false), ("readout_from_excitatory", true), ("input_nonnegative", true),
                ("optimizer", "sgd"), ("momentum", 0.0), ("learning_rate", 1e-2), ("clip_norm", 1.0)),
            ["The Ω term, which keeps gradients from vanishing, is left out.", "The length of trials does not vary within a batch.",
                "Biases are trained; the code has none unless asked.", "The first state is 0; the code trains one that starts at 0.1.",
                "Inputs have no baseline of 0.2.", "Readout weights start with either sign."]),
        new("yang-2019", "Yang et al., Nat. Neurosci. 22, 297 (2019); code: gyyang/multitask",
            Fresh(64, 100, 50, ("units", 256L), ("sign_axis", "none"), ("cell_form", "rate"), ("activation", "relu"), ("alpha", 0.2),
                ("noise_rec", 0.05), ("noise_in", 0.01), ("gain", 0.5), ("l2_rate", 1e-6), ("learning_rate", 1e-3), ("clipping", "none")),
            ["A batch mixes rules; in the study all trials of a batch have one rule.", "The readout is linear; the study's is a sigmoid.",
                "The penalty's weight is a choice made here."]),
        new("kim-2019", "Kim, Li & Sejnowski, PNAS 116, 22811 (2019); code: rkim35/spikeRNN",
            Fresh(1, 500, 150, ("stop_validation_accuracy", 0.97), ("units", 200L), ("excitatory", 0.8), ("sign_mode", "rectified"),
                ("cell_form", "voltage"), ("activation", "sigmoid"), ("dt", 5.0), ("tau", 20.0), ("tau_max", 100.0), ("noise_rec", 0.01),
                ("init", "normal"), ("gain", 1.5), ("density", 0.2), ("frozen", "kernel"), ("learning_rate", 1e-2), ("clipping", "none")),
            ["Time constants are drawn and fixed; the study trains them.", "The transfer to a spiking network is left out.",
                "The loss is the mean square; the study's is its root."]),
        new("psychrnn", "Ehrlich et al., eNeuro 8 (2021); code: murraylab/PsychRNN",
            Fresh(64, 100, 20, ("units", 50L), ("excitatory", 0.8), ("sign_mode", "magnitude"), ("cell_form", "voltage"),
                ("activation", "relu"), ("alpha", 0.2), ("noise_rec", 0.1), ("init", "gamma"), ("spectral_radius", 1.1), ("balanced", true),
                ("train_initial_state", true), ("input_nonnegative", true), ("learning_rate", 1e-3), ("clipping", "per-tensor"),
                ("clip_norm", 1.0)),
            ["Its penalties l1_recurrent, l2_recurrent and l2_rate are 0 unless you give them.", "LSTM networks are left out."]),
        new("nn-brain", "Yang & Molano-Mazón, tutorial on E-I networks (2021); code: gyyang/nn-brain",
            Fresh(16, 200, 15, ("units", 50L), ("excitatory", 0.8), ("sign_mode", "magnitude"), ("cell_form", "voltage"),
                ("activation", "relu"), ("alpha", 0.2), ("noise_rec", 0.15), ("init", "gamma"), ("spectral_radius", 1.0),
                ("balanced", true), ("autapses", false), ("readout_from_excitatory", true), ("loss", "cross_entropy"),
                ("learning_rate", 1e-3), ("clipping", "none")),
            ["Magnitudes are drawn from a gamma distribution; the tutorial's are uniform."]),
        new("dubreuil-2022", "Dubreuil et al., Nat. Neurosci. 25, 783 (2022); code: adrian-valente/populations_paper_code",
            Fixed(32, 10, ("units", 512L), ("sign_axis", "none"), ("cell_form", "voltage"), ("activation", "tanh"), ("alpha", 0.2),
                ("noise_rec", 0.05), ("init", "normal"), ("gain", 0.8), ("frozen", "kernel, dense_kernel"), ("learning_rate", 1e-4),
                ("clip_norm", 1.0)),
            ["W_rec has full rank; the study also trains networks of a given low rank."]),
        new("achterberg-2023", "Achterberg et al., Nat. Mach. Intell. 5, 1369 (2023): spatially embedded networks",
            Fixed(128, 10, ("units", 100L), ("sign_axis", "none"), ("cell_form", "rate"), ("activation", "relu"), ("alpha", 1.0),
                ("noise_in", 0.05), ("loss", "cross_entropy"), ("cost_box", "x=5 y=5 z=4"), ("cost_weight", 1e-4), ("learning_rate", 1e-3)),
            ["The cost is distance times magnitude; the study multiplies it by communicability."]),
        new("driscoll-2024", "Driscoll, Shenoy & Sussillo, Nat. Neurosci. 27, 1349 (2024); code: lauradriscoll/flexible_multitask",
            Fresh(64, 100, 50, ("units", 256L), ("sign_axis", "none"), ("cell_form", "rate"), ("activation", "softplus"), ("alpha", 0.2),
                ("noise_rec", 0.05), ("init", "normal"), ("gain", 0.8), ("l2_rate", 1e-6), ("l2_recurrent", 1e-6), ("learning_rate", 1e-3),
                ("clipping", "none")),
            ["The penalty of weights is of W_rec only.", "A batch mixes rules; in the study all trials of a batch have one rule."]),
        new("langdon-2025", "Langdon & Engel, Nat. Neurosci. 28, 665 (2025): latent circuits; code: engellab/latentcircuit",
            Fixed(128, 20, ("trials", 3200L), ("units", 50L), ("excitatory", 0.8), ("cell_form", "rate"), ("activation", "relu"),
                ("alpha", 0.2), ("noise_rec", 0.15), ("init", "normal"), ("balanced", true), ("spectral_radius", 1.5), ("autapses", false),
                ("readout_from_excitatory", true), ("input_nonnegative", true), ("readout_nonnegative", true), ("l2_rate", 0.05),
                ("learning_rate", 1e-2)),
            ["The term that keeps input and readout weights orthogonal is left out."]),
        new("trainrnnbrain-2026", "trainRNNbrain, engellab (2026); code: engellab/trainRNNbrain",
            Fixed(null, 1000, ("trials", 1000L), ("units", 100L), ("excitatory", 0.8), ("cell_form", "rate"), ("activation", "relu"),
                ("alpha", 0.1), ("noise_rec", 0.05), ("init", "normal"), ("spectral_radius", 1.2), ("autapses", false),
                ("readout_from_excitatory", true), ("input_nonnegative", true), ("readout_nonnegative", true), ("weight_decay", 1e-6),
                ("learning_rate", 1e-3)),
            ["The number of trials, of which every update takes all, is a choice made here.", "Its penalties of behaviour are left out."]),
        new("mrnntorch-2026", "mRNNTorch (2026): networks of several regions",
            Fixed(512, 30, ("units", 60L), ("excitatory", 0.7), ("sign_mode", "magnitude"), ("cell_form", "voltage"),
                ("activation", "relu"), ("tau", 100.0), ("dt", 10.0), ("noise_rec", 0.01), ("noise_in", 0.01), ("init", "gamma"),
                ("spectral_radius", 1.1), ("balanced", true), ("areas", "first=0.5 second=0.5"),
                ("projections", "first -> second, second -> first, input -> first, second -> output"), ("learning_rate", 1e-3)),
            ["Two regions of 21 excitatory and 9 inhibitory units stand for any number.", "Every region has the same activation."]),
    ];

    /// <summary>The preset of a name, also of an old one; null where there is none.</summary>
    public static Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name || preset.OldName == name);

    private static Dictionary<string, object> Of(params (string Name, object Value)[] values) =>
        values.ToDictionary(value => value.Name, value => value.Value);

    /// <summary>A batch of its own for every update, the learning rate constant.</summary>
    private static Dictionary<string, object> Fresh(long batch, long updates, long epochs, params (string Name, object Value)[] values) =>
        Of([("data", "fresh"), ("batch", batch), ("epoch_updates", updates), ("epochs", epochs), ("schedule", "constant"),
            ("validation_trials", 200L), ("test_trials", 200L), .. values]);

    /// <summary>One data set, the learning rate constant; null for all trials in every update.</summary>
    private static Dictionary<string, object> Fixed(long? batch, long epochs, params (string Name, object Value)[] values) =>
        Of([("data", "fixed"), ("batch", batch is { } trials ? trials : "all"), ("epochs", epochs), ("schedule", "constant"),
            ("validation_trials", 200L), ("test_trials", 200L), .. values]);
}
