using System.ComponentModel;
using System.Globalization;

namespace StockActors.Node.Configuration;

/// <summary>Lets the configuration binder read a type by its own <see cref="IParsable{TSelf}.Parse"/>, and tell its message.</summary>
public sealed class TextConverter<T> : TypeConverter
    where T : IParsable<T>
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        T.Parse((string)value, CultureInfo.InvariantCulture);
}
