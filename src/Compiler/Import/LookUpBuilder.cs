using BlindGrain.Compiler.Functions;
using BlindGrain.Engine.Circuits;

namespace BlindGrain.Compiler.Import;

/// <summary>
/// Turns waiting functions into look-ups, when integers are needed: one bootstrap an element, all that stood between two linear steps in one table. What is
/// affine needs none, nor what was looked up before.
/// </summary>
internal sealed class LookUpBuilder(ImportContext context, FunctionEvaluator evaluator)
{
    private const int MaxEntries = 1 << 22;
    private const long MaxEvaluations = 1L << 28;

    private readonly Dictionary<(ElementReference Element, int Function), (ElementReference Element, ElementFunction Function)> _known = [];
    private readonly Dictionary<(ElementReference Element, int Table), ElementReference> _lookedUp = [];
    private readonly TableSet _tables = new();

    /// <summary>The same tensor with affine functions only.</summary>
    /// <param name="reader">The node that needs integers, for messages and as the step's name.</param>
    /// <param name="value">The tensor.</param>
    /// <exception cref="UnsupportedModelException">A function keeps to no grid of integers, or its table would be too large.</exception>
    public EncryptedValue Affine(GraphNode reader, EncryptedValue value)
    {
        if (Array.TrueForAll(value.Functions, f => f.Affine is not null))
        {
            return value;
        }

        var wanted = new Dictionary<int, List<Request>>();
        var asked = new HashSet<(ElementReference, int)>();
        for (int i = 0; i < value.Elements.Length; i++)
        {
            (ElementReference element, ElementFunction function) = (value.Elements[i], value.Functions[i]);
            if (function.Affine is not null || _known.ContainsKey((element, function.Id)) || !asked.Add((element, function.Id)))
            {
                continue;
            }

            if (function.Grid is null)
            {
                throw new UnsupportedModelException(
                    $"Node {reader.Label} needs integers, but what reaches it is not quantized (node {function.Label} comes last before it); put a quantizer between them, or compile the float model with calibration data.");
            }

            if (!wanted.TryGetValue(element.Value, out List<Request>? requests))
            {
                wanted.Add(element.Value, requests = []);
            }

            requests.Add(new Request(element, function));
        }

        foreach ((int source, List<Request> requests) in wanted.OrderBy(w => w.Key))
        {
            LookUp(reader, source, requests);
        }

        var elements = new ElementReference[value.Elements.Length];
        var functions = new ElementFunction[elements.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            (elements[i], functions[i]) = value.Functions[i].Affine is not null
                ? (value.Elements[i], value.Functions[i])
                : _known[(value.Elements[i], value.Functions[i].Id)];
        }

        return new EncryptedValue(value.Shape, elements, functions);
    }

    /// <summary>
    /// The same tensor with one more look-up, onto their own integers, of elements that are maxima. Maxima are sums, so what multiplies them would force its own fine step of the
    /// torus on all comparisons, whose noise then drowns them in approximate mode; and in either mode it takes the noise of the comparisons along.
    /// </summary>
    /// <param name="reader">The node that multiplies them.</param>
    /// <param name="value">The tensor, on affine functions.</param>
    public EncryptedValue Parted(GraphNode reader, EncryptedValue value)
    {
        ILookup<int, ElementReference> maxima = value.Elements.Distinct().Where(e => context.Circuit.IsMaximum(e.Value)).ToLookup(e => e.Value);
        if (maxima.Count == 0)
        {
            return value;
        }

        var parted = new Dictionary<ElementReference, ElementReference>();
        foreach (IGrouping<int, ElementReference> group in maxima.OrderBy(g => g.Key))
        {
            ValueRange[] ranges = context.Circuit.Ranges[group.Key];
            var domain = new ValueRange(group.Min(e => ranges[e.Index].Min), group.Max(e => ranges[e.Index].Max));
            int table = _tables.Add(new LookupTable(domain.Min, [.. Enumerable.Range(0, (int)domain.Width).Select(i => (int)domain.Min + i)]));
            List<Request> fresh = [.. group.Where(e => !_lookedUp.ContainsKey((e, table))).OrderBy(e => e.Index).Select(e => new Request(e, context.Functions.Integer))];
            if (fresh.Count > 0)
            {
                Add(reader, group.Key, fresh, new Dictionary<int, int> { [context.Functions.Integer.Id] = table });
            }

            foreach (ElementReference element in group)
            {
                parted.Add(element, _lookedUp[(element, table)]);
            }
        }

        return value with { Elements = [.. value.Elements.Select(e => parted.GetValueOrDefault(e, e))] };
    }

    private void LookUp(GraphNode reader, int source, List<Request> requests)
    {
        ValueRange[] ranges = context.Circuit.Ranges[source];
        var domains = new Dictionary<int, ValueRange>();
        foreach (Request request in requests)
        {
            ValueRange range = ranges[request.Element.Index];
            domains[request.Function.Id] = domains.TryGetValue(request.Function.Id, out ValueRange d) ? new ValueRange(Math.Min(d.Min, range.Min), Math.Max(d.Max, range.Max)) : range;
        }

        ElementFunction[] functions = [.. requests.Select(r => r.Function).DistinctBy(f => f.Id)];
        Check(reader, functions, domains);
        var tableOf = new Dictionary<int, int>();
        evaluator.Evaluate(functions, [.. functions.Select(f => domains[f.Id])], (f, values) =>
        {
            int[] integers = Integers(functions[f], domains[functions[f].Id], values);
            tableOf.Add(functions[f].Id, _tables.Add(new LookupTable(domains[functions[f].Id].Min, RoundedTable.Of(integers, context.Options.RoundingBits))));
        });

        requests.RemoveAll(r => IsShift(reader, r, _tables.Tables[tableOf[r.Function.Id]], ranges[r.Element.Index]));
        requests.Sort((a, b) => a.Element.Index.CompareTo(b.Element.Index));

        // Functions that differ may have equal tables: of one element, one is looked up.
        var asked = new HashSet<(ElementReference, int)>();
        List<Request> fresh = requests.FindAll(r => !_lookedUp.ContainsKey((r.Element, tableOf[r.Function.Id])) && asked.Add((r.Element, tableOf[r.Function.Id])));
        if (fresh.Count > 0)
        {
            Add(reader, source, fresh, tableOf);
        }

        foreach (Request request in requests)
        {
            _known.Add((request.Element, request.Function.Id), (_lookedUp[(request.Element, tableOf[request.Function.Id])], Dequantize(reader, request.Function)));
        }
    }

    /// <summary>Adds the step that looks up elements of one value.</summary>
    private void Add(GraphNode reader, int source, List<Request> requests, Dictionary<int, int> tableOf)
    {
        bool whole = requests.Count == context.Circuit.LengthOf(source) && requests.Index().All(r => r.Item.Element.Index == r.Index);
        int read = whole ? source : context.Linear.Select(reader, source, [.. requests.Select(r => r.Element.Index)]);
        int[] shape = read == 0 ? context.Circuit.Input!.Shape : context.Circuit.Steps[read - 1].Shape;
        string[] operators = [.. FusedOperators.Of(requests[0].Function).Except(read == 0 ? [] : context.Circuit.Steps[read - 1].Operators)];
        int[] distinct = [.. requests.Select(r => tableOf[r.Function.Id]).Distinct()];
        var place = distinct.Index().ToDictionary(t => t.Item, t => t.Index);
        int[] tableOfElement = [.. requests.Select(r => place[tableOf[r.Function.Id]])];
        int result = context.AddStep(
            requests[0].Function.Node?.StepName ?? reader.StepName,
            name => new LookupStep(name, read, [.. distinct.Select(t => _tables.Tables[t])], tableOfElement) { Shape = shape, Operators = operators });
        for (int i = 0; i < requests.Count; i++)
        {
            _lookedUp.Add((requests[i].Element, tableOf[requests[i].Function.Id]), new ElementReference(result, i));
        }
    }

    private static void Check(GraphNode reader, ElementFunction[] functions, Dictionary<int, ValueRange> domains)
    {
        foreach (ElementFunction function in functions)
        {
            ValueRange domain = domains[function.Id];
            if (domain.Width > MaxEntries)
            {
                throw new UnsupportedModelException($"Node {function.Label} would need a table of {domain.Width} entries (accumulator range {domain}); at most {MaxEntries} are supported. Use fewer bits or fewer non-zero weights.");
            }
        }

        if (functions.Sum(f => (double)domains[f.Id].Width) > MaxEvaluations)
        {
            throw new UnsupportedModelException($"Before node {reader.Label} more than {MaxEvaluations} table entries would be needed. Use fewer bits or fewer non-zero weights.");
        }
    }

    /// <summary>The integers of a function's grid over its domain.</summary>
    private static int[] Integers(ElementFunction function, ValueRange domain, float[] values)
    {
        Grid grid = function.Grid!.Value;
        var integers = new int[values.Length];
        for (int t = 0; t < values.Length; t++)
        {
            double k = grid.Step == 0 ? 0 : (values[t] - grid.Origin) / grid.Step;
            if (double.IsNaN(k) || Math.Abs(k) > int.MaxValue)
            {
                throw new UnsupportedModelException($"What node {function.Label} yields for the accumulator {domain.Min + t} is {(double.IsNaN(k) ? "not a number" : "too large")}.");
            }

            integers[t] = (int)Math.Round(k);
        }

        return integers;
    }

    /// <summary>
    /// Whether a table only adds a constant to what is fresh from a look-up (or negates it): then no bootstrap is needed, and the element stays what
    /// it is under an affine function.
    /// </summary>
    private bool IsShift(GraphNode reader, Request request, LookupTable table, ValueRange range)
    {
        bool fresh = request.Element.Value == 0 || context.Circuit.Steps[request.Element.Value - 1] is LookupStep;
        if (!fresh || range.Width < 2)
        {
            return false;
        }

        int first = table[range.Min], slope = table[range.Min + 1] - first;
        if (Math.Abs(slope) != 1)
        {
            return false;
        }

        for (long x = range.Min; x <= range.Max; x++)
        {
            if (table[x] != first + (slope * (x - range.Min)))
            {
                return false;
            }
        }

        GraphNode node = request.Function.Node ?? reader;
        FunctionPool pool = context.Functions;
        ElementFunction shifted = slope == 1 ? pool.Integer : pool.Make(node, "Neg", pool.Integer);
        shifted = Plus(shifted, first - (slope * range.Min), node);
        _known.Add((request.Element, request.Function.Id), (request.Element, Dequantize(reader, request.Function, shifted)));
        return true;
    }

    /// <summary>The function from a grid's integer to its value.</summary>
    private ElementFunction Dequantize(GraphNode reader, ElementFunction function, ElementFunction? integer = null)
    {
        Grid grid = function.Grid!.Value;
        FunctionPool pool = context.Functions;
        GraphNode node = function.Node ?? reader;
        integer ??= pool.Integer;
        double zero = grid.Step == 0 ? 0 : grid.Origin / grid.Step;
        return Math.Abs(zero - Math.Round(zero)) < 1e-6 && Math.Abs(zero) < 1 << 24
            ? Times(Plus(integer, Math.Round(zero), node), grid.Step, node)
            : Plus(Times(integer, grid.Step, node), grid.Origin, node);
    }

    private ElementFunction Plus(ElementFunction function, double summand, GraphNode node) =>
        summand == 0 ? function : context.Functions.Make(node, "Add", function, context.Functions.Constant((float)summand));

    private ElementFunction Times(ElementFunction function, double factor, GraphNode node) =>
        factor == 1 ? function : context.Functions.Make(node, "Mul", function, context.Functions.Constant((float)factor));

    private sealed record Request(ElementReference Element, ElementFunction Function);
}
