using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Functions;

/// <summary>y = <paramref name="Factor"/> · x + <paramref name="Summand"/>.</summary>
internal readonly record struct Affine(double Factor, double Summand);

/// <summary>The values <paramref name="Origin"/> + k · <paramref name="Step"/> for integers k; a step of 0 is the one value.</summary>
internal readonly record struct Grid(double Step, double Origin)
{
    private const double Tolerance = 1e-4;

    /// <summary>Whether a value lies on the grid, to within the rounding of floats.</summary>
    public bool Holds(double value)
    {
        if (Step == 0)
        {
            return value == Origin;
        }

        double k = (value - Origin) / Step;
        return Math.Abs(k) < 1L << 31 && Math.Abs(k - Math.Round(k)) < Tolerance;
    }
}

/// <summary>
/// A function of one integer: a node of a graph in which equal functions are one node, so that elements with the same function share its table.
/// </summary>
internal sealed class ElementFunction
{
    /// <summary>Its number in the pool.</summary>
    public required int Id { get; init; }

    /// <summary>The operator; null for the integer itself and for constants.</summary>
    public ElementOperator? Operator { get; init; }

    /// <summary>What the operator is applied to.</summary>
    public ElementFunction[] Inputs { get; init; } = [];

    /// <summary>The value of a constant.</summary>
    public float Constant { get; init; }

    /// <summary>The element type of a constant.</summary>
    public ElementType Type { get; init; } = ElementType.Float;

    public bool IsConstant { get; init; }

    /// <summary>The longest chain of operators down to the integer.</summary>
    public int Depth { get; init; }

    /// <summary>The node that it was first made for, for messages; null for the integer itself and for constants.</summary>
    public GraphNode? Node { get; init; }

    /// <summary>The node's label, for messages.</summary>
    public string Label => Node?.Label ?? "(constant)";

    /// <summary>Its affine form, where it is affine.</summary>
    public Affine? Affine { get; init; }

    /// <summary>A grid that all its values lie on, where one is known.</summary>
    public Grid? Grid { get; init; }
}
