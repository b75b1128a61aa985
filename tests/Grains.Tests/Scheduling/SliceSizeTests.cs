using BlindGrain.Grains.Scheduling;

namespace BlindGrain.Grains.Tests.Scheduling;

public class SliceSizeTests
{
    private static readonly SliceSize s_sizes = new(TimeSpan.FromMilliseconds(100));

    [Theory]
    [InlineData(1000, 8 << 10, 3, 1, 8, 32)] // 33 fill the time, four passes of 8 are whole
    [InlineData(1000, 32 << 10, 3, 1, 8, 8)] // a quarter of a mebibyte
    [InlineData(1000, 8 << 10, 30, 1, 8, 3)] // costly ones: the time of less than a pass
    [InlineData(1000, 512 << 10, 3, 1, 8, 1)] // larger than a message's measure: one by one
    [InlineData(1000, 8 << 10, 500, 1, 8, 1)] // costlier than the time
    [InlineData(60, 8 << 10, 3, 2, 8, 8)] // few: two slices a thread, of whole passes
    [InlineData(10, 8 << 10, 3, 2, 8, 4)] // fewer still: an eighth of the time at least
    [InlineData(3, 8 << 10, 3, 8, 8, 3)]
    [InlineData(3, 8 << 10, 30, 8, 8, 1)]
    [InlineData(1, 8 << 10, 0, 1, 8, 1)]
    public void A_slice_fills_its_time_its_message_and_its_share(int remaining, int bytes, double milliseconds, int threads, int pass, int expected) =>
        Assert.Equal(expected, s_sizes.Next(remaining, bytes, milliseconds, threads, pass));

    [Fact]
    public void Slices_cover_a_layer_and_shrink_to_its_end()
    {
        var sizes = new List<int>();
        for (int left = 500; left > 0; left -= sizes[^1])
        {
            sizes.Add(s_sizes.Next(left, 8 << 10, 3, 4, 8));
        }

        Assert.Equal(500, sizes.Sum());
        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.Equal(32, sizes[0]);
        Assert.InRange(sizes[^1], 1, 4);
    }

    [Theory]
    [InlineData(1000, 3, 1, 100, 100)]
    [InlineData(100, 3, 1, 100, 12)] // each has 25 ms of work
    [InlineData(100, 3, 4, 100, 3)]
    [InlineData(2, 3, 4, 100, 1)]
    [InlineData(1000, 3, 1, 0, 1)]
    public void A_layer_goes_to_as_many_silos_as_it_is_worth(int rotations, double milliseconds, int threads, int silos, int expected) =>
        Assert.Equal(expected, s_sizes.Silos(rotations, milliseconds, threads, silos));
}
