using BlindGrain.Training.Networks;
using static TorchSharp.torch;

namespace BlindGrain.Training.Learning;

/// <summary>A copy of a network's parameters and running statistics at the least loss offered so far.</summary>
internal sealed class BestWeights(QuantSequential network) : IDisposable
{
    private readonly Dictionary<string, Tensor> _copies = [];
    private double _loss = double.PositiveInfinity;

    /// <summary>Copies the network's parameters if <paramref name="loss"/> is not above the least before.</summary>
    public void Offer(double loss)
    {
        if (!(loss <= _loss))
        {
            return;
        }

        Dispose();
        _loss = loss;
        foreach ((string name, Tensor value) in State())
        {
            _copies[name] = value.detach().clone();
        }
    }

    /// <summary>Puts the copies back into the network.</summary>
    /// <exception cref="InvalidOperationException">No loss was a number: the training diverged.</exception>
    public void Restore()
    {
        if (_copies.Count == 0)
        {
            throw new InvalidOperationException("The loss was not a number after any epoch: the training diverged. Try a smaller --learning-rate.");
        }

        using (no_grad())
        {
            foreach ((string name, Tensor value) in State())
            {
                _ = value.copy_(_copies[name]);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor copy in _copies.Values)
        {
            copy.Dispose();
        }

        _copies.Clear();
    }

    private IEnumerable<(string Name, Tensor Value)> State() =>
        [.. network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), .. network.named_buffers().Select(b => (b.name, b.buffer))];
}
