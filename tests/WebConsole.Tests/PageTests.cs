using System.Globalization;
using BlindGrain.Engine.Execution;
using BlindGrain.WebConsole.Tests.Fixtures;
using Microsoft.Playwright;

namespace BlindGrain.WebConsole.Tests;

/// <summary>What a user does on the pages.</summary>
public sealed class PageTests(Browser browser, ServedConsole server)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_model_that_is_pushed_appears_and_its_circuit_is_drawn_layer_by_layer()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);
        CompiledModel model = server.Session.Model;
        _ = await server.Client.PushModelAsync("pushed", "1", SampleNetwork.FileOf(model));

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Models" }).First.ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "pushed" }).ClickAsync();
        await visit.ExpectTitleAsync("pushed");

        // Input, four layers, output; the first three layers with their look-ups.
        ILocator blocks = visit.Page.Locator(".circuit .block");
        await blocks.Nth(5).WaitForAsync();
        Assert.Equal(6, await blocks.CountAsync());
        Assert.Equal(["conv1", "relu1", "conv2", "relu2", "add", "relu3", "classes"], await visit.Page.Locator(".circuit .name").AllInnerTextsAsync());
        string first = await blocks.Nth(1).InnerTextAsync();
        Assert.Contains("[−3, 6]", first, StringComparison.Ordinal);
        Assert.Contains("3.3 bits", first, StringComparison.Ordinal);
        Assert.Contains("144 bootstraps", first, StringComparison.Ordinal);

        // The residual passes the second layer by.
        Assert.Equal(1, await visit.Page.Locator(".circuit .wire").CountAsync());
        Assert.Contains(model.Rotations.ToString(CultureInfo.InvariantCulture), await visit.Page.Locator(".tiles").InnerTextAsync(), StringComparison.Ordinal);
        await server.Client.DeleteModelAsync("pushed", "1");
    }

    [Fact]
    public async Task A_job_is_seen_to_begin_progress_layer_by_layer_and_end()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);

        // The last of several, so that it runs for long enough to be looked at on any machine.
        Task<Client.Prediction>[] before = [.. Enumerable.Range(0, 5).Select(_ => server.Session.PredictAsync(SampleNetwork.Input))];
        var id = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Client.Prediction> prediction = server.Session.PredictAsync(SampleNetwork.Input, new Told(job => id.TrySetResult(job.Id)), cancellation: TestContext.Current.CancellationToken);
        await visit.GoAsync($"jobs/{await id.Task}");

        var seen = new SortedSet<int>();
        using var patience = new CancellationTokenSource(s_patience);
        ILocator done = visit.Page.Locator(".tiles .badge.succeeded");
        while (!await done.IsVisibleAsync())
        {
            patience.Token.ThrowIfCancellationRequested();
            if (await visit.Page.Locator(".part.lookup.running").CountAsync() > 0)
            {
                _ = seen.Add(int.Parse(await visit.Page.Locator(".layers").First.GetAttributeAsync("aria-valuenow") ?? "0", CultureInfo.InvariantCulture));
                if (seen.Count == 4)
                {
                    await visit.PictureAsync("job-running");
                }
            }
        }

        _ = await Task.WhenAll([prediction, .. before]);
        Assert.True(seen.Count(bootstraps => bootstraps > 0 && bootstraps < server.Session.Model.Rotations) >= 2, $"Bootstraps seen: {string.Join(", ", seen)}.");
        await Assertions.Expect(visit.Page.Locator(".part.lookup.done")).ToHaveCountAsync(3);
        await Assertions.Expect(visit.Page.Locator(".tiles")).ToContainTextAsync("100 %");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_job_is_cancelled()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);
        await visit.GoAsync("jobs");

        // Several: while one is cancelled there is one that still runs.
        Task<Client.Prediction>[] predictions = [.. Enumerable.Range(0, 6).Select(_ => server.Session.PredictAsync(SampleNetwork.Input))];
        await visit.Page.Locator(".job .badge.running").First.ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel the job" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel the job" }).ClickAsync();
        await visit.Page.Locator(".tiles .badge.cancelled").WaitForAsync();
        await Assertions.Expect(visit.Page.Locator(".notices")).ToContainTextAsync("The job is cancelled.");

        int cancelled = 0;
        foreach (Task<Client.Prediction> prediction in predictions)
        {
            cancelled += await Record.ExceptionAsync(() => prediction) is null ? 0 : 1;
        }

        Assert.Equal(1, cancelled);
    }

    [Fact]
    public async Task A_key_set_is_deleted_once_that_is_confirmed()
    {
        using var file = new MemoryStream();
        Engine.Tfhe.Keys.ClientKey.Generate(server.Session.KeyParameters).CreateEvaluationKey().Write(file);
        file.Position = 0;
        _ = await server.Client.UploadKeySetAsync("doomed", server.Session.KeyParameters, file);

        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);
        await visit.GoAsync("keysets");
        ILocator button = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Delete key set doomed" });
        await button.ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" })).ToBeFocusedAsync(new() { Timeout = 60_000 });
        await visit.PictureAsync("keysets-delete");
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.NotNull(await server.Client.GetKeySetAsync("doomed"));

        await button.ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).Last.ClickAsync();
        await button.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Null(await server.Client.GetKeySetAsync("doomed"));
        Assert.NotNull(await server.Client.GetKeySetAsync(server.Session.KeySet));
    }

    [Fact]
    public async Task The_cluster_tells_its_silos_and_what_they_computed()
    {
        _ = await server.Session.PredictAsync(SampleNetwork.Input);
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);
        await visit.GoAsync("cluster");
        await visit.Page.Locator(".silo").WaitForAsync();
        Assert.Equal(1, await visit.Page.Locator(".silo").CountAsync());
        Assert.Equal(2, await visit.Page.Locator(".silo").GetByRole(AriaRole.Meter).CountAsync());

        // What was computed appears in the plot within an interval of five seconds.
        await Assertions.Expect(visit.Page.Locator(".throughput figcaption")).ToContainTextAsync("most in 10 minutes");
        ILocator most = visit.Page.Locator(".throughput figcaption span");
        await Assertions.Expect(most).Not.ToContainTextAsync("minutes: 0", new() { Timeout = 60_000 });

        // Arrow keys read single values.
        await visit.Page.Locator(".plot").FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Contains(" at ", await visit.Page.Locator(".throughput figcaption").InnerTextAsync(), StringComparison.Ordinal);
    }

    private sealed class Told(Action<Client.JobState> then) : IProgress<Client.JobState>
    {
        public void Report(Client.JobState value) => then(value);
    }
}
