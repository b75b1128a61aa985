namespace BlindGrain.Compiler.Functions;

/// <summary>
/// Which grids the values of an operator keep to. What a linear step reads must lie on a grid: the look-up before it yields the grid's
/// integers.
/// </summary>
internal static class GridRules
{
    private static readonly Grid s_whole = new(1, 0);

    public static Grid? Of(ElementOperator op, ElementFunction[] inputs)
    {
        if (op.Domain.Length > 0)
        {
            return null;
        }

        Grid? a = inputs[0].Grid, b = inputs.Length > 1 ? inputs[1].Grid : null;
        return op.OpType switch
        {
            "Round" or "Floor" or "Ceil" or "Sign" or "Not" or "And" or "Or" or "Xor" or "Less" or "LessOrEqual" or "Greater" or "GreaterOrEqual" or "Equal" or "IsNaN" or "IsInf" => s_whole,
            "Identity" or "Dropout" => a,
            "Cast" => op.Attributes.FirstOrDefault(t => t.Name == "to")?.I is 1 or 11 ? a : s_whole,
            "Neg" => a is { } g ? new Grid(g.Step, -g.Origin) : null,
            "Relu" => With(a, new Grid(0, 0)),
            "Abs" => a is { } g && g.Holds(0) ? new Grid(g.Step, 0) : null,
            "Max" or "Min" => With(a, b),
            "Add" or "Sub" => Sum(a, b, op.OpType == "Add" ? 1 : -1),
            "Mul" => Scaled(inputs[0], inputs[1]) ?? Scaled(inputs[1], inputs[0]) ?? Product(a, b),
            "Div" when inputs[1].IsConstant && inputs[1].Constant != 0 => a is { } g ? new Grid(Math.Abs(g.Step / inputs[1].Constant), g.Origin / inputs[1].Constant) : null,
            "Where" when inputs.Length == 3 => With(b, inputs[2].Grid),
            _ => null,
        };
    }

    /// <summary>A grid that holds both.</summary>
    private static Grid? With(Grid? first, Grid? second)
    {
        if (first is not { } a || second is not { } b)
        {
            return null;
        }

        if (a.Step == 0 && b.Step == 0)
        {
            return new Grid(Math.Abs(a.Origin - b.Origin), a.Origin);
        }

        if (a.Step == 0 || b.Step == 0)
        {
            return a.Step == 0 ? (b.Holds(a.Origin) ? b : null) : (a.Holds(b.Origin) ? a : null);
        }

        return Common(a.Step, b.Step) is { } step && new Grid(step, a.Origin) is var grid && grid.Holds(b.Origin) ? grid : null;
    }

    private static Grid? Sum(Grid? first, Grid? second, int sign)
    {
        if (first is not { } a || second is not { } b)
        {
            return null;
        }

        double origin = a.Origin + (sign * b.Origin);
        return a.Step == 0 || b.Step == 0 ? new Grid(a.Step + b.Step, origin) : Common(a.Step, b.Step) is { } step ? new Grid(step, origin) : null;
    }

    private static Grid? Scaled(ElementFunction function, ElementFunction constant) =>
        constant.IsConstant && function.Grid is { } g ? new Grid(Math.Abs(g.Step * constant.Constant), g.Origin * constant.Constant) : null;

    /// <summary>Products of whole multiples of two steps are multiples of their product.</summary>
    private static Grid? Product(Grid? first, Grid? second) => first is { } a && second is { } b && a.Holds(0) && b.Holds(0) ? new Grid(a.Step * b.Step, 0) : null;

    /// <summary>The finer of two steps, where it divides the other.</summary>
    private static double? Common(double a, double b)
    {
        const double MaxRatio = 1 << 16;
        double fine = Math.Min(a, b), ratio = Math.Max(a, b) / fine;
        return ratio <= MaxRatio && Math.Abs(ratio - Math.Round(ratio)) <= 1e-6 * ratio ? fine : null;
    }
}
