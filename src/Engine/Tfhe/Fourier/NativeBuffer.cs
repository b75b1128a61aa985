using System.Runtime.InteropServices;

namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Zeroed native memory, freed on disposal (or finalization). Large buffers ask the kernel for huge pages, which spares the
/// streaming kernels most of their address translation.</summary>
internal sealed unsafe partial class NativeBuffer : IDisposable
{
    private const nuint HugePage = 2 << 20;
    private const int MadvHugePage = 14;
    private byte* _memory;

    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        nuint size = checked((nuint)bytes);
        bool large = size >= HugePage;
        nuint alignment = large ? HugePage : 64;
        size = (size + 63) / 64 * 64;
        _memory = (byte*)NativeMemory.AlignedAlloc(size, alignment);
        Bytes = bytes;
        if (large && OperatingSystem.IsLinux())
        {
            // Advice only: where it is refused, ordinary pages serve.
            _ = Madvise(_memory, size, MadvHugePage);
        }

        NativeMemory.Clear(_memory, size);
        GC.AddMemoryPressure(bytes);
    }

    ~NativeBuffer() => Free();

    /// <summary>The length asked for.</summary>
    public long Bytes { get; }

    public double* Doubles => (double*)Pointer;

    public ulong* Words64 => (ulong*)Pointer;

    public uint* Words32 => (uint*)Pointer;

    private byte* Pointer => _memory != null ? _memory : throw new ObjectDisposedException(nameof(NativeBuffer));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);

    private void Free()
    {
        if (_memory != null)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            GC.RemoveMemoryPressure(Bytes);
        }
    }
}
