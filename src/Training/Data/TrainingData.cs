using System.Globalization;
using BlindGrain.Compiler.Data;

namespace BlindGrain.Training.Data;

/// <summary>Public data sets that the project does not carry: read from the folder that BLINDGRAIN_DATA names, else from ../shared beside the repository.</summary>
internal static class TrainingData
{
    private const int DigitsSide = 8;
    private const float DigitsWhite = 16;

    /// <summary>Fisher's irises: 150 rows of four lengths in cm; classes setosa, versicolor, virginica.</summary>
    /// <exception cref="FileNotFoundException">The file is not there; the message says where to get it.</exception>
    public static Dataset Iris()
    {
        string[] classes = ["Iris-setosa", "Iris-versicolor", "Iris-virginica"];
        string[][] rows = [.. File.ReadLines(Find("iris/iris.csv", "iris.data of https://archive.ics.uci.edu/dataset/53/iris")).Where(l => l.Length > 0).Select(l => l.Split(','))];
        return new Dataset(
            [.. rows.SelectMany(r => r.Take(4).Select(v => float.Parse(v, CultureInfo.InvariantCulture)))],
            [4],
            [.. rows.Select(r => (long)Array.IndexOf(classes, r[4]))]);
    }

    /// <summary>Handwritten digits of 8×8 pixels, from 0 to 1: those of the training writers, and the 1 797 of other writers that test (the set that scikit-learn ships).</summary>
    /// <exception cref="FileNotFoundException">A file is not there; the message says where to get it.</exception>
    public static (Dataset Train, Dataset Test) Digits() => (Digits("digits/optdigits.tra"), Digits("digits/optdigits.tes"));

    /// <summary>MNIST: 10 000 training images and the 10 000 test images, pixels from 0 to 1.</summary>
    /// <param name="shape">The shape of a sample: [784], or [1, 28, 28].</param>
    /// <exception cref="FileNotFoundException">A file is not there; the message says where to get it.</exception>
    public static (Dataset Train, Dataset Test) Mnist(int[] shape) => (Mnist("train10k", shape), Mnist("t10k", shape));

    private static Dataset Digits(string file)
    {
        int[][] rows = [.. File.ReadLines(Find(file, "https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits"))
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => Array.ConvertAll(l.Split(','), v => int.Parse(v, CultureInfo.InvariantCulture)))];
        return new Dataset(
            [.. rows.SelectMany(r => r.Take(DigitsSide * DigitsSide).Select(v => v / DigitsWhite))],
            [1, DigitsSide, DigitsSide],
            [.. rows.Select(r => (long)r[^1])]);
    }

    private static Dataset Mnist(string name, int[] shape)
    {
        const string Source = "the idx files of MNIST, for instance from https://github.com/fgnt/mnist; train10k holds any 10 000 of the training images";
        LabelledSamples samples = DataFiles.Read(Find($"mnist/{name}-images-idx3-ubyte.gz", Source), Find($"mnist/{name}-labels-idx1-ubyte.gz", Source), null, shape);
        return new Dataset([.. samples.Inputs.SelectMany(s => s)], shape, [.. samples.Labels!.Select(l => (long)l)]);
    }

    private static string Find(string file, string source)
    {
        string[] candidates = [.. Folders().Select(folder => Path.Combine(folder, file))];
        return candidates.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
            $"{file} is not there. Get it from {source}, and put it under the folder that BLINDGRAIN_DATA names. Looked for: {string.Join(", ", candidates)}.");
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("BLINDGRAIN_DATA") is { Length: > 0 } data)
        {
            yield return data;
            yield return Path.Combine(data, "data");
        }

        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "BlindGrain.slnx")))
            {
                yield return Path.GetFullPath(Path.Combine(folder, "..", "shared", "data"));
            }
        }
    }
}
