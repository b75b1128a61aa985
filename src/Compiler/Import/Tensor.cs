using BlindGrain.Compiler.Onnx;

namespace BlindGrain.Compiler.Import;

/// <summary>
/// A constant tensor, row-major. Integers of the model (shapes, indices) are held as floats too, with the type that they had:
/// they are small. Above 2^24 they round.
/// </summary>
internal sealed class Tensor
{
    public Tensor(int[] shape, float[] data, ElementType type = ElementType.Float)
    {
        if (shape.Aggregate(1L, (a, b) => a * b) != data.Length)
        {
            throw new InvalidModelException($"A tensor of shape [{string.Join(", ", shape)}] does not have {data.Length} elements.");
        }

        Shape = shape;
        Data = data;
        Type = type;
    }

    public int[] Shape { get; }

    public float[] Data { get; }

    /// <summary>The element type in the model.</summary>
    public ElementType Type { get; }

    public int Length => Data.Length;

    /// <summary>The single element of a scalar or one-element tensor.</summary>
    public float Scalar(string what) => Data.Length == 1 ? Data[0] : throw new UnsupportedModelException($"{what} has {Data.Length} elements; a single one is supported.");

    /// <summary>The same elements under another shape.</summary>
    public Tensor Reshape(int[] shape) => new(shape, Data, Type);

    /// <summary>Axes permuted: result axis i is this tensor's axis <paramref name="permutation"/>[i].</summary>
    public Tensor Transpose(int[] permutation)
    {
        int rank = Shape.Length;
        if (permutation.Length != rank || permutation.Order().Where((p, i) => p != i).Any())
        {
            throw new InvalidModelException($"[{string.Join(", ", permutation)}] does not permute {rank} axes.");
        }

        int[] shape = [.. permutation.Select(p => Shape[p])];
        int[] strides = Broadcasting.Strides(Shape);
        var data = new float[Data.Length];
        var index = new int[rank];
        for (int i = 0; i < data.Length; i++)
        {
            int from = 0;
            for (int a = 0; a < rank; a++)
            {
                from += index[a] * strides[permutation[a]];
            }

            data[i] = Data[from];
            for (int a = rank - 1; a >= 0 && ++index[a] == shape[a]; a--)
            {
                index[a] = 0;
            }
        }

        return new Tensor(shape, data, Type);
    }
}
