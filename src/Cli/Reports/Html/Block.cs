using BlindGrain.Engine.Execution.Reports;

namespace BlindGrain.Cli.Reports.Html;

/// <summary>One card of the drawing: a linear step with the look-up that alone reads it, or one of them alone, or the input, or the output.</summary>
/// <param name="Steps">The steps in order; empty for the output.</param>
internal sealed record Block(IReadOnlyList<StepReport> Steps)
{
    /// <summary>The input or a step that is not a linear one, or the linear one.</summary>
    public bool IsInput => Steps is [{ Kind: "input" }];

    /// <summary>Whether this is the client's end.</summary>
    public bool IsOutput => Steps.Count == 0;

    /// <summary>The blocks of a model in order, the output last, and the edges between them with the number of values that pass.</summary>
    public static (IReadOnlyList<Block> Blocks, IReadOnlyList<BlockEdge> Edges) Of(IReadOnlyList<StepReport> steps)
    {
        int[] readers = new int[steps.Count];
        foreach (int source in steps.SelectMany(s => s.Sources))
        {
            readers[source]++;
        }

        var blocks = new List<Block>();
        var blockOf = new int[steps.Count];
        foreach (StepReport step in steps)
        {
            bool joins = step.Kind == "lookup" && steps[step.Sources[0]] is { Kind: "linear", IsOutput: false } source && readers[source.Value] == 1;
            if (joins)
            {
                int block = blockOf[step.Sources[0]];
                blocks[block] = new Block([.. blocks[block].Steps, step]);
                blockOf[step.Value] = block;
            }
            else
            {
                blockOf[step.Value] = blocks.Count;
                blocks.Add(new Block([step]));
            }
        }

        StepReport output = steps.Single(s => s.IsOutput);
        blocks.Add(new Block([]));
        BlockEdge[] edges =
        [
            .. steps.SelectMany(s => s.Sources.Select(source => new BlockEdge(blockOf[source], blockOf[s.Value], steps[source].Length))).Where(e => e.From != e.To),
            new BlockEdge(blockOf[output.Value], blocks.Count - 1, output.Length),
        ];
        return (blocks, edges);
    }
}

/// <summary>A connection of two cards.</summary>
/// <param name="From">The block that yields.</param>
/// <param name="To">The block that reads, of a larger number.</param>
/// <param name="Values">How many integers pass.</param>
internal sealed record BlockEdge(int From, int To, int Values);
