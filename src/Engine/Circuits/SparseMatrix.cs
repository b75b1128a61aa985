namespace BlindGrain.Engine.Circuits;

/// <summary>
/// An integer matrix in compressed sparse row form: row r holds the entries
/// [<see cref="RowStart"/>[r], <see cref="RowStart"/>[r + 1]) of <see cref="Column"/> and <see cref="Weight"/>,
/// columns rising, no zero stored.
/// </summary>
public sealed class SparseMatrix
{
    /// <summary>Creates a matrix over the given arrays, which it keeps.</summary>
    /// <exception cref="ArgumentException">The arrays do not form a matrix of this shape; the message says where.</exception>
    public SparseMatrix(int rows, int columns, int[] rowStart, int[] column, int[] weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentNullException.ThrowIfNull(rowStart);
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(weight);
        if (rowStart.Length != rows + 1 || rowStart[0] != 0 || rowStart[rows] != column.Length || column.Length != weight.Length)
        {
            throw new ArgumentException($"A matrix of {rows} rows needs {rows + 1} row starts from 0 to the number of entries, and as many columns as weights.", nameof(rowStart));
        }

        for (int r = 0; r < rows; r++)
        {
            if (rowStart[r] > rowStart[r + 1] || rowStart[r + 1] > column.Length)
            {
                throw new ArgumentException($"Row {r} ends before it starts, or behind the {column.Length} entries.", nameof(rowStart));
            }

            for (int e = rowStart[r]; e < rowStart[r + 1]; e++)
            {
                if (column[e] < 0 || column[e] >= columns || (e > rowStart[r] && column[e] <= column[e - 1]) || weight[e] == 0)
                {
                    throw new ArgumentException($"Entry {e} of row {r} is out of order, out of the {columns} columns, or zero.", nameof(column));
                }
            }
        }

        Rows = rows;
        Columns = columns;
        RowStart = rowStart;
        Column = column;
        Weight = weight;
    }

    /// <summary>The number of rows: the length of the product.</summary>
    public int Rows { get; }

    /// <summary>The number of columns: the length of the vector multiplied.</summary>
    public int Columns { get; }

    /// <summary>Where each row's entries start; length <see cref="Rows"/> + 1.</summary>
    public int[] RowStart { get; }

    /// <summary>The column of each entry.</summary>
    public int[] Column { get; }

    /// <summary>The weight of each entry, never zero.</summary>
    public int[] Weight { get; }

    /// <summary>The number of stored (non-zero) entries.</summary>
    public int NonZeros => Weight.Length;

    /// <summary>The sparse form of a dense matrix, <paramref name="dense"/>[row, column].</summary>
    public static SparseMatrix FromDense(int[,] dense)
    {
        ArgumentNullException.ThrowIfNull(dense);
        int rows = dense.GetLength(0), columns = dense.GetLength(1);
        var rowStart = new int[rows + 1];
        var column = new List<int>();
        var weight = new List<int>();
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                if (dense[r, c] != 0)
                {
                    column.Add(c);
                    weight.Add(dense[r, c]);
                }
            }

            rowStart[r + 1] = column.Count;
        }

        return new SparseMatrix(rows, columns, rowStart, [.. column], [.. weight]);
    }
}
