using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EiRnnFast.Studies.Statistics;

/// <summary>A statistic in JSON: null where it is not defined (NaN), such as the SD of one value.</summary>
internal sealed class UndefinedAsNull : JsonConverter<double>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => double.NaN,
            JsonTokenType.String => double.Parse(reader.GetString()!, CultureInfo.InvariantCulture), // NaN of earlier versions, Infinity
            _ => reader.GetDouble(),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else if (double.IsNaN(value)) writer.WriteNullValue();
        else writer.WriteStringValue(value > 0 ? "Infinity" : "-Infinity"); // as all other numbers are written
    }
}
