namespace BlindGrain.Compiler.Import;

/// <summary>Computes nodes on constants alone, by ONNX Runtime.</summary>
internal static class ConstantFolder
{
    /// <summary>Operators that give something else at each run; a circuit made with them could not be made again.</summary>
    private static readonly HashSet<string> s_random = new(StringComparer.Ordinal) { "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike" };

    /// <summary>Binds the outputs of a node to its results.</summary>
    /// <exception cref="UnsupportedModelException">ONNX Runtime cannot compute it, or the result is no tensor of numbers.</exception>
    public static void Fold(GraphNode node, ImportContext context)
    {
        if (s_random.Contains(node.OpType))
        {
            throw new UnsupportedModelException($"Node {node.Label} yields random numbers; replace it by a constant.");
        }

        Tensor?[] inputs = [.. Enumerable.Range(0, node.Inputs.Count).Select(i => node.Inputs[i].Length > 0 ? context.AnyConstant(node, i, "an input") : null)];
        Tensor?[] results = context.Runner.Run(node, inputs);
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i] is { } tensor)
            {
                context.Bind(node.Outputs[i], new ConstantValue(tensor));
            }
        }
    }
}
