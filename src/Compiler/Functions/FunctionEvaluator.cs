using BlindGrain.Compiler.Import;
using BlindGrain.Compiler.Onnx;
using BlindGrain.Engine.Circuits;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace BlindGrain.Compiler.Functions;

/// <summary>
/// Tabulates element functions by ONNX Runtime: functions that differ in constants only are one small model, whose input holds every integer
/// of every function.
/// </summary>
internal sealed class FunctionEvaluator : IDisposable
{
    /// <summary>The operator set of the small models: the first with all operators that are met, Gelu the latest.</summary>
    private const int Opset = 21;

    private const int MaxElements = 1 << 22;

    private readonly SessionOptions _options = BoundedMemory.CreateOptions();
    private readonly Dictionary<int, int> _skeletons = [];
    private readonly Dictionary<(ElementOperator Operator, int A, int B, int C), int> _skeletonIds = [];

    /// <summary>Tabulates functions, some at a time.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="domains">The integers of each.</param>
    /// <param name="use">What becomes of a function's values (its index, the values in order of the integers), in any order of the functions.</param>
    /// <exception cref="UnsupportedModelException">ONNX Runtime cannot compute a function.</exception>
    public void Evaluate(IReadOnlyList<ElementFunction> functions, IReadOnlyList<ValueRange> domains, Action<int, float[]> use)
    {
        foreach (IGrouping<int, int> group in Enumerable.Range(0, functions.Count).GroupBy(i => Skeleton(functions[i])))
        {
            // Alike in width too, so that little is computed for nothing.
            int[] members = [.. group.OrderBy(i => domains[i].Width)];
            for (int start = 0; start < members.Length;)
            {
                int end = start;
                while (end < members.Length && (end == start || (end + 1 - start) * domains[members[end]].Width <= MaxElements))
                {
                    end++;
                }

                EvaluateAlike(members[start..end], functions, domains, use);
                start = end;
            }
        }
    }

    public void Dispose() => _options.Dispose();

    private void EvaluateAlike(int[] members, IReadOnlyList<ElementFunction> functions, IReadOnlyList<ValueRange> domains, Action<int, float[]> use)
    {
        int width = (int)members.Max(m => domains[m].Width);
        var graph = new GraphProto { Name = "functions" };
        graph.Input.Add(new ValueInfoProto { Name = "x", Type = TypeOf(members.Length, width) });
        var emitted = new Dictionary<string, string>(StringComparer.Ordinal);
        string last = Emit(graph, emitted, [.. members.Select(m => functions[m])]);
        graph.Node.Add(new NodeProto { OpType = "Cast", Input = { last }, Output = { "y" }, Attribute = { Attributes.Int("to", 1) } });
        graph.Output.Add(new ValueInfoProto { Name = "y" });
        var model = new ModelProto { IrVersion = 10, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        foreach (string domain in graph.Node.Select(n => n.Domain).Where(d => d.Length > 0).Distinct(StringComparer.Ordinal))
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        }

        var x = new float[members.Length * width];
        for (int m = 0; m < members.Length; m++)
        {
            for (int t = 0; t < width; t++)
            {
                x[(m * width) + t] = domains[members[m]].Min + t;
            }
        }

        try
        {
            using var session = new InferenceSession(model.ToByteArray(), _options);
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(x, [members.Length, width]);
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, new Dictionary<string, OrtValue> { ["x"] = input }, ["y"]);
            ReadOnlySpan<float> y = outputs[0].GetTensorDataAsSpan<float>();
            for (int m = 0; m < members.Length; m++)
            {
                // A function of constants only has one value for all.
                float[] values = y.Length == 1
                    ? [.. Enumerable.Repeat(y[0], (int)domains[members[m]].Width)]
                    : y.Slice(m * width, (int)domains[members[m]].Width).ToArray();
                use(members[m], values);
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new UnsupportedModelException($"ONNX Runtime cannot tabulate node {functions[members[0]].Label}: {e.Message}", e);
        }
    }

    /// <summary>Adds the nodes of functions of one skeleton; constants become columns with an entry a function.</summary>
    private static string Emit(GraphProto graph, Dictionary<string, string> emitted, ElementFunction[] alike)
    {
        ElementFunction first = alike[0];
        if (first.Operator is null && !first.IsConstant)
        {
            return "x";
        }

        string key = Array.TrueForAll(alike, f => f.Id == first.Id) ? $"={first.Id}" : string.Join(',', alike.Select(f => f.Id));
        if (emitted.TryGetValue(key, out string? name))
        {
            return name;
        }

        name = $"v{emitted.Count}";
        emitted.Add(key, name);
        if (first.IsConstant)
        {
            var tensor = new Tensor([alike.Length, 1], [.. alike.Select(f => f.Constant)], first.Type);
            graph.Initializer.Add(OnnxFile.ToProto(name, tensor));
            return name;
        }

        var node = new NodeProto { OpType = first.Operator!.OpType, Domain = first.Operator.Domain, Output = { name } };
        node.Attribute.Add(first.Operator.Attributes);
        for (int i = 0; i < first.Inputs.Length; i++)
        {
            node.Input.Add(Emit(graph, emitted, [.. alike.Select(f => f.Inputs[i])]));
        }

        graph.Node.Add(node);
        if (!first.Operator.Is("Cast") || first.Operator.Attributes.FirstOrDefault(a => a.Name == "to")?.I is 1 or 9)
        {
            return name;
        }

        // Whatever the model's type, the next operator sees floats.
        graph.Node.Add(new NodeProto { OpType = "Cast", Input = { name }, Output = { $"{name}f" }, Attribute = { Attributes.Int("to", 1) } });
        emitted[key] = $"{name}f";
        return $"{name}f";
    }

    private static TypeProto TypeOf(params int[] shape)
    {
        var proto = new TensorShapeProto();
        proto.Dim.Add(shape.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementType.Float, Shape = proto } };
    }

    /// <summary>The number that all functions share that differ in constants only.</summary>
    private int Skeleton(ElementFunction function)
    {
        if (function.IsConstant)
        {
            return -1 - (int)function.Type;
        }

        if (function.Operator is null)
        {
            return 0;
        }

        if (_skeletons.TryGetValue(function.Id, out int known))
        {
            return known;
        }

        int[] inputs = [.. function.Inputs.Select(Skeleton)];
        (ElementOperator, int, int, int) key = (function.Operator, inputs[0], inputs.Length > 1 ? inputs[1] : int.MinValue, inputs.Length > 2 ? inputs[2] : int.MinValue);
        if (!_skeletonIds.TryGetValue(key, out int id))
        {
            id = _skeletonIds.Count + 1;
            _skeletonIds.Add(key, id);
        }

        _skeletons.Add(function.Id, id);
        return id;
    }
}
