using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BlindGrain.Clustering.Tests.Faults;
using BlindGrain.Clustering.Tests.Running;
using BlindGrain.Engine.Execution;
using BlindGrain.Engine.Tfhe.Ciphertexts;
using BlindGrain.Engine.Tfhe.Keys;

namespace BlindGrain.Clustering.Tests.Load;

/// <summary>
/// What gateway and cluster add to a job of one layer, beyond its bootstraps: the same inference in this process, by one request that waits, and by the SDK's submit, wait and fetch. Every
/// result is checked; nothing is asserted about the figures, which are those of the machine at that moment.
/// </summary>
[Trait("Category", "Cluster")]
public sealed class OverheadMeasurement
{
    private static readonly int[] s_input = [1, -1];

    [Fact]
    public async Task A_job_of_one_layer_against_the_engine()
    {
        OneLayer test = OneLayer.Shared;
        await using var cluster = new ClusterProcesses();
        _ = await cluster.StartSiloAsync();
        await cluster.StartGatewayAsync();
        _ = await cluster.Client.PushModelAsync("one", "1", test.ModelBytes);
        _ = await cluster.Client.UploadKeySetAsync("one", test.Model.Parameters, new MemoryStream(test.KeyBytes));
        using HttpClient http = cluster.Http();
        using var key = ServerKey.Expand(test.Evaluation, test.Model.ParameterPlan.Needs, 1);
        using var executor = new EncryptedExecutor(test.Model, key, 1);
        int count = LongForm.Choose(8, 200);
        List<double> engine = [], request = [], sdk = [];

        // Taking turns, so that all three meet the same machine; the first ones warm up.
        for (int i = -count / 4; i < count; i++)
        {
            SeededLweList input = test.Cryptor.Encrypt(s_input);
            List<double>[] into = i < 0 ? [[], [], []] : [engine, request, sdk];
            into[0].Add(await TimeAsync(test, () => Task.FromResult(executor.Run(test.Model.Expand(input)))));
            into[1].Add(await TimeAsync(test, () => RequestAsync(http, test, input)));
            into[2].Add(await TimeAsync(test, () => SdkAsync(cluster, test, input)));
        }

        Report("engine in process", engine);
        Report("one request that waits", request);
        Report("submit, wait, fetch", sdk);
        LongForm.Report($"added by the cluster: {Median(request) - Median(engine):F1} ms by one request, {Median(sdk) - Median(engine):F1} ms by submit, wait and fetch");
    }

    private static async Task<double> TimeAsync(OneLayer test, Func<Task<LweBatch>> run)
    {
        long begun = TimeProvider.System.GetTimestamp();
        LweBatch result = await run();
        double milliseconds = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
        Assert.Equal(OneLayer.Clear(s_input), Assert.Single(test.Cryptor.Decrypt(result)));
        return milliseconds;
    }

    private static async Task<LweBatch> SdkAsync(ClusterProcesses cluster, OneLayer test, SeededLweList input)
    {
        string job = (await cluster.Client.SubmitAsync("one", "1", "one", input)).Id;
        _ = await cluster.Client.WaitAsync(job);
        return await cluster.Client.GetResultAsync(job, test.Model.DimensionOf(test.Model.Circuit.Output.Value));
    }

    private static async Task<LweBatch> RequestAsync(HttpClient http, OneLayer test, SeededLweList input)
    {
        byte[] tensor = input.ToBytes();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            inputs = new[] { new { name = "input", shape = new[] { 1 }, datatype = "BYTES", parameters = new { binary_data_size = tensor.Length } } },
            parameters = new { key_set = "one" },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v2/models/one/infer", UriKind.Relative)) { Content = new ByteArrayContent([.. json, .. tensor]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        request.Headers.Add("Prefer", "wait=30");
        using HttpResponseMessage answer = await http.SendAsync(request);
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        int header = int.Parse(Assert.Single(answer.Headers.GetValues("Inference-Header-Content-Length")), System.Globalization.CultureInfo.InvariantCulture);
        return new LweBatch(test.Model.DimensionOf(test.Model.Circuit.Output.Value), body[header..]);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Report(string what, List<double> values)
    {
        double[] sorted = [.. values.Order()];
        LongForm.Report($"{what}: median {sorted[sorted.Length / 2]:F1} ms, p90 {sorted[sorted.Length * 9 / 10]:F1} ms, least {sorted[0]:F1} ms");
    }
}
