using BlindGrain.Engine.Tfhe.Keys;
using BlindGrain.Engine.Tfhe.Parameters;

namespace BlindGrain.Engine.Tfhe.Bootstrapping;

/// <summary>
/// Key and modulus switch of one ciphertext beside its own blind rotation. A key switch alone waits for memory and a rotation
/// hardly does; rotation step i needs mask element i only, and the body's exponent not before the end (it selects the coefficient that is extracted). So
/// while the 32 steps of one tile's columns run, the key's next tile is fetched and added up, a slice a step. Results equal
/// those of <see cref="KeyswitchKernel.Switch"/> and <see cref="ModulusSwitch.Switch"/>. Not thread-safe: an instance is one thread's work space.
/// </summary>
internal sealed unsafe class StreamedKeyswitch
{
    private readonly LookupKey _key;
    private readonly int* _digits;
    private readonly uint* _sums;
    private readonly int[] _exponents;
    private readonly int _rows;
    private readonly int _tiles;
    private readonly int _slice;
    private readonly int _shift;
    private uint _bodyOffset;
    private long _roundingErrors;

    /// <summary>Joins a key and its work space.</summary>
    /// <param name="key">The keys.</param>
    /// <param name="digits">Room for kN · l integers.</param>
    /// <param name="sums">Room for <see cref="LookupKey.KeyswitchStride"/> words.</param>
    /// <param name="exponents">Room for n + 1 exponents.</param>
    public StreamedKeyswitch(LookupKey key, int* digits, uint* sums, int[] exponents)
    {
        _key = key;
        _digits = digits;
        _sums = sums;
        _exponents = exponents;
        _rows = key.InputDimension.Value * key.Parameters.Keyswitch.Levels;
        _tiles = key.KeyswitchStride / KeyswitchKernel.TileColumns;

        // N is at least 256, so the slices of the 32 steps of a tile are equal.
        _slice = _rows / KeyswitchKernel.TileColumns;
        _shift = 31 - key.Parameters.PolynomialSize.Log2;
    }

    /// <summary>The exponents so far: those of the step's tile, and of all before it.</summary>
    public ReadOnlySpan<int> Exponents => _exponents;

    /// <summary>What a step reads of the key, in bytes.</summary>
    public long BytesOfStep => (long)_slice * KeyswitchKernel.TileColumns * sizeof(uint);

    /// <summary>Begins with a ciphertext: its digits, and the first tile.</summary>
    /// <param name="ciphertext">kN + 1 words.</param>
    /// <param name="bodyOffset">What is added to the body.</param>
    public void Begin(ReadOnlySpan<uint> ciphertext, uint bodyOffset)
    {
        ParameterSet p = _key.Parameters;
        KeyswitchKernel.Begin(ciphertext, p.Keyswitch.BaseLog, p.Keyswitch.Levels, _digits, _key.KeyswitchStride, p.SmallDimension.Value, _sums);
        _bodyOffset = bodyOffset;
        _roundingErrors = 0;
        KeyswitchKernel.Accumulate1(_key.Keyswitch, _rows, _digits, _sums);
        Finish(0);
    }

    /// <summary>Does the share of rotation step <paramref name="step"/>, before it.</summary>
    /// <returns>Where the next step's share of the key begins, for prefetching; null behind the last.</returns>
    public byte* Advance(int step)
    {
        int tile = (step / KeyswitchKernel.TileColumns) + 1, first = step % KeyswitchKernel.TileColumns * _slice;
        if (tile >= _tiles)
        {
            return null;
        }

        uint* slice = _key.Keyswitch + ((((nint)tile * _rows) + first) * KeyswitchKernel.TileColumns);
        KeyswitchKernel.Accumulate1(slice, _slice, _digits + first, _sums + (tile * KeyswitchKernel.TileColumns));
        if (step % KeyswitchKernel.TileColumns == KeyswitchKernel.TileColumns - 1)
        {
            Finish(tile);
        }

        return (byte*)(slice + ((nint)_slice * KeyswitchKernel.TileColumns));
    }

    /// <summary>Switches the modulus of a whole tile's columns; the last one's includes the body.</summary>
    private void Finish(int tile)
    {
        int n = _key.Parameters.SmallDimension.Value, first = tile * KeyswitchKernel.TileColumns;
        int count = Math.Min(KeyswitchKernel.TileColumns, n - first);
        _roundingErrors += ModulusSwitch.Nearest(new ReadOnlySpan<uint>(_sums + first, count), _shift, _exponents.AsSpan(first, count));
        if (tile == _tiles - 1)
        {
            _exponents[n] = ModulusSwitch.Body(_sums[n] + _bodyOffset, _roundingErrors, _shift);
        }
    }
}
