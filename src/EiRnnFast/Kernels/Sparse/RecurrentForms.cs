namespace EiRnnFast.Kernels.Sparse;

/// <summary>The form that the environment asks for.</summary>
internal static class RecurrentForms
{
    private const string Variable = "EIRNN_RECURRENT";

    /// <summary>What <c>EIRNN_RECURRENT</c> names; null where it is not set.</summary>
    /// <exception cref="InvalidInputException">It names no form.</exception>
    public static RecurrentForm? Asked
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } name) return null;
            foreach (var form in Enum.GetValues<RecurrentForm>())
                if (name.Equals(form.ToString(), StringComparison.OrdinalIgnoreCase)) return form;
            throw InvalidInputException.Of(Variable, $"'{name}'", "dense, blocks or sparse",
                NearestName.Remedy("name one of these, or leave it out", name, ["dense", "blocks", "sparse"]));
        }
    }
}
