namespace BlindGrain.Training.Layers;

/// <summary>What a <see cref="QuantConv2d"/> looks like.</summary>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="OutChannels">Channels of the output.</param>
/// <param name="Kernel">The side of the square kernel.</param>
/// <param name="Stride">The step of the kernel, both ways.</param>
/// <param name="Padding">Zeros added at each side.</param>
/// <param name="Groups">Into how many groups the channels fall; each output channel reads its own group only.</param>
internal sealed record Conv2dShape(int InChannels, int OutChannels, int Kernel, int Stride = 1, int Padding = 0, int Groups = 1);
