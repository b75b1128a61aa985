using System.Globalization;
using System.Text;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>An attribute of an <see cref="Element"/>.</summary>
internal readonly record struct Attribute(string Name, string Value);

/// <summary>
/// An element of an HTML page or of a drawing in it. All text goes through <see cref="Escape"/>, so whatever a model calls its nodes stays text. What is
/// written is well-formed XML too: HTML's void elements and those of SVG close themselves, all others have an end tag.
/// </summary>
internal sealed class Element
{
    private static readonly HashSet<string> s_selfClosing = new(StringComparer.Ordinal) { "meta", "br", "hr", "col", "rect", "line", "path", "circle", "polyline", "use" };

    private readonly List<Attribute> _attributes = [];
    private readonly List<object> _content = [];

    /// <summary>Creates an element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Attributes, elements, sequences of them, and anything else as text (culture-free); null is left out.</param>
    public Element(string name, params ReadOnlySpan<object?> content)
    {
        Name = name;
        foreach (object? item in content)
        {
            Add(item);
        }
    }

    /// <summary>The element's name.</summary>
    public string Name { get; }

    /// <summary>A new element.</summary>
    public static Element E(string name, params ReadOnlySpan<object?> content) => new(name, content);

    /// <summary>A new attribute; numbers are written with at most two decimals, as drawings need them.</summary>
    public static Attribute A(string name, object value) => new(name, value switch
    {
        double number => number.ToString("0.##", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    });

    /// <summary>A class attribute.</summary>
    public static Attribute Class(string name) => new("class", name);

    /// <summary>Adds an attribute, an element, a sequence, or text.</summary>
    public void Add(object? item)
    {
        switch (item)
        {
            case null:
                break;
            case Attribute attribute:
                _attributes.Add(attribute);
                break;
            case Element or string:
                _content.Add(item);
                break;
            case System.Collections.IEnumerable items:
                foreach (object? one in items)
                {
                    Add(one);
                }

                break;
            default:
                _content.Add(Convert.ToString(item, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    /// <summary>
    /// Text as it stands in a page: markup escaped, and what XML cannot hold at all replaced. Quotation marks are escaped in attributes only, because style
    /// sheets need theirs.
    /// </summary>
    public static string Escape(string text, bool inAttribute = false)
    {
        var safe = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => safe.Append("&amp;"),
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '"' when inAttribute => safe.Append("&quot;"),
                '\'' when inAttribute => safe.Append("&#39;"),
                '\t' or '\n' or '\r' => safe.Append(' '),
                < 0x20 or (>= 0x7F and < 0xA0) or 0xFFFE or 0xFFFF => safe.Append('\uFFFD'),
                _ => safe.Append(rune),
            };
        }

        return safe.ToString();
    }

    /// <summary>Writes the element and all in it.</summary>
    public void Write(TextWriter writer)
    {
        writer.Write('<');
        writer.Write(Name);
        foreach (Attribute attribute in _attributes)
        {
            writer.Write($" {attribute.Name}=\"{Escape(attribute.Value, inAttribute: true)}\"");
        }

        if (_content.Count == 0 && s_selfClosing.Contains(Name))
        {
            writer.Write("/>");
            return;
        }

        writer.Write('>');
        foreach (object item in _content)
        {
            if (item is Element element)
            {
                element.Write(writer);
            }
            else
            {
                writer.Write(Escape((string)item));
            }
        }

        writer.Write($"</{Name}>");
        if (Name is "section" or "div" or "tr" or "table" or "g" or "svg" or "style")
        {
            writer.WriteLine();
        }
    }
}
