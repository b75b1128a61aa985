using BlindGrain.Training.Data;

namespace BlindGrain.Training.Tests.Data;

public class AugmentationTests
{
    private static readonly Dataset Images = new([.. Enumerable.Range(0, 2 * 25).Select(i => i % 7 / 7f)], [1, 5, 5], [3, 4]);

    [Fact]
    public void No_change_gives_the_images()
    {
        Dataset same = new Augmentation(0, 0, 0, 0).Apply(Images, new SeededRandom(1));

        Assert.Equal(Images.Values, same.Values, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([3, 4], same.Labels);
    }

    [Fact]
    public void Each_image_changes_in_its_own_way_and_a_seed_repeats_it()
    {
        var augmentation = new Augmentation(20, 0.2, 0.2, 1);

        Dataset first = augmentation.Apply(Images, new SeededRandom(2)), again = augmentation.Apply(Images, new SeededRandom(2)), other = augmentation.Apply(Images, new SeededRandom(3));

        Assert.Equal(first.Values, again.Values);
        Assert.NotEqual(first.Values, other.Values);
        Assert.All(first.Values, v => Assert.InRange(v, 0, 1));
    }

    [Fact]
    public void Images_that_are_not_square_are_refused() =>
        Assert.Throws<ArgumentException>(() => new Augmentation(1, 0, 0, 0).Apply(new Dataset(new float[6], [1, 2, 3], [0]), new SeededRandom(1)));
}
