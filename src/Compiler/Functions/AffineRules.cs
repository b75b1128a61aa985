namespace BlindGrain.Compiler.Functions;

/// <summary>Which operators keep a function affine.</summary>
internal static class AffineRules
{
    public static Affine? Of(ElementOperator op, ElementFunction[] inputs)
    {
        if (op.Domain.Length > 0 || Array.Exists(inputs, i => i.Affine is null))
        {
            return null;
        }

        Affine a = inputs[0].Affine!.Value, b = inputs.Length > 1 ? inputs[1].Affine!.Value : default;
        Affine? result = op.OpType switch
        {
            "Identity" or "Dropout" => a,
            "Cast" => CastKeeps(op, inputs[0]) ? a : null,
            "Neg" => new Affine(-a.Factor, -a.Summand),
            "Add" => new Affine(a.Factor + b.Factor, a.Summand + b.Summand),
            "Sub" => new Affine(a.Factor - b.Factor, a.Summand - b.Summand),
            "Mul" when b.Factor == 0 => new Affine(a.Factor * b.Summand, a.Summand * b.Summand),
            "Mul" when a.Factor == 0 => new Affine(b.Factor * a.Summand, b.Summand * a.Summand),
            "Div" when b.Factor == 0 && b.Summand != 0 => new Affine(a.Factor / b.Summand, a.Summand / b.Summand),
            _ => null,
        };
        return result is { } r && double.IsFinite(r.Factor) && double.IsFinite(r.Summand) ? r : null;
    }

    /// <summary>A cast to a float type changes nothing; one to a wide integer type changes no integer.</summary>
    private static bool CastKeeps(ElementOperator op, ElementFunction input)
    {
        const int Float = 1, Int32 = 6, Int64 = 7, Double = 11;
        long to = op.Attributes.FirstOrDefault(a => a.Name == "to")?.I ?? 0;
        bool whole = input.Grid is { } g && g.Step == Math.Round(g.Step) && g.Origin == Math.Round(g.Origin);
        return to is Float or Double || (to is Int32 or Int64 && whole);
    }
}
