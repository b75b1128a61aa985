using BlindGrain.Compiler.Import;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Operators;

/// <summary>Functions of all outputs at the end of a model: the client computes them of the decrypted numbers.</summary>
internal static class ClientOperators
{
    public static GraphValue[] Softmax(GraphNode node, ImportContext context)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        int rank = x.Shape.Length, axis = Axis(node, x, context.Opset < 13 ? 1 : -1);
        if (context.Opset < 13 && x.Shape[(axis + 1)..].Any(d => d > 1))
        {
            throw new UnsupportedModelException($"Node {node.Label} takes the softmax over axes {axis} to {rank - 1} at once, as operator sets before 13 do; one axis is supported.");
        }

        return [End(node, x, node.OpType == "Softmax" ? ClientFunction.Softmax : ClientFunction.LogSoftmax, axis)];
    }

    public static GraphValue[] Arg(GraphNode node, ImportContext context)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        if (node.Int("select_last_index", 0) != 0)
        {
            throw new UnsupportedModelException($"Node {node.Label} selects the last of equals; the first is supported.");
        }

        return [End(node, x, node.OpType == "ArgMax" ? ClientFunction.ArgMax : ClientFunction.ArgMin, Axis(node, x, 0), keepAxis: node.Int("keepdims", 1) != 0)];
    }

    public static GraphValue[] TopK(GraphNode node, ImportContext context)
    {
        EncryptedValue x = context.Encrypted(node, 0);
        int axis = Axis(node, x, -1);
        int count = node.Has("k") ? (int)node.Int("k", 1) : (int)context.Constant(node, 1, "a number of elements").Scalar($"The number of node {node.Label}");
        if (node.Int("largest", 1) == 0 || count < 1 || count > x.Shape[axis])
        {
            throw new UnsupportedModelException($"Node {node.Label} takes the {count} {(node.Int("largest", 1) == 0 ? "smallest" : "largest")} of {x.Shape[axis]}; the largest 1 to {x.Shape[axis]} are supported.");
        }

        return [End(node, x, ClientFunction.TopKValues, axis, count), End(node, x, ClientFunction.TopKIndices, axis, count)];
    }

    private static ClientValue End(GraphNode node, EncryptedValue x, ClientFunction function, int axis, int count = 1, bool keepAxis = true)
    {
        bool batched = x.Shape.Length > 1;
        return batched && axis == 0
            ? throw new UnsupportedModelException($"Node {node.Label} works along the batch axis; another axis is supported.")
            : new ClientValue(x, new ClientOperation(function, batched ? axis - 1 : axis, count, keepAxis));
    }

    private static int Axis(GraphNode node, EncryptedValue x, int otherwise)
    {
        long axis = node.Int("axis", otherwise);
        axis = axis < 0 ? axis + x.Shape.Length : axis;
        return axis >= 0 && axis < x.Shape.Length
            ? (int)axis
            : throw new InvalidModelException($"Node {node.Label} works along axis {axis} of a tensor with {x.Shape.Length}.");
    }
}
