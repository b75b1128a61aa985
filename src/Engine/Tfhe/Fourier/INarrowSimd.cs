namespace BlindGrain.Engine.Tfhe.Fourier;

/// <summary>Fewer than eight lanes, and sixteen registers.</summary>
/// <typeparam name="TVector">The register's type.</typeparam>
internal unsafe interface INarrowSimd<TVector> : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Columns 0 and 2 of a matrix of four columns and as many rows as there are lanes.</summary>
    /// <param name="matrix">The first row; the others follow 16 doubles apart.</param>
    /// <param name="column0">Column 0, row r in lane r.</param>
    /// <param name="column2">Column 2.</param>
    static abstract void EvenColumns(double* matrix, out TVector column0, out TVector column2);

    /// <summary>Columns 1 and 3 likewise.</summary>
    static abstract void OddColumns(double* matrix, out TVector column1, out TVector column3);
}
