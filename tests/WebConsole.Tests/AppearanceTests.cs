using BlindGrain.WebConsole.Tests.Fixtures;
using Microsoft.Playwright;

namespace BlindGrain.WebConsole.Tests;

/// <summary>Dark and light, desk and phone, mouse and keyboard.</summary>
public sealed class AppearanceTests(Browser browser, ServedConsole server)
{
    private const string Light = "rgb(246, 245, 242)", Dark = "rgb(19, 19, 22)";

    public static TheoryData<int, ColorScheme> Screens => new()
    {
        { 1280, ColorScheme.Light },
        { 1280, ColorScheme.Dark },
        { 390, ColorScheme.Light },
        { 390, ColorScheme.Dark },
    };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Every_page_fits_the_screen_and_breaks_no_rule_of_its_policy(int width, ColorScheme colors)
    {
        if ((await server.Client.GetModelAsync("digits")).Versions.Length == 1)
        {
            _ = await server.Client.PushModelAsync("digits", "2", SampleNetwork.FileOf(server.Session.Model));
        }

        Client.Prediction prediction = await server.FirstPrediction;
        await using Visit visit = await browser.VisitAsync(server.Address, width, 844, colors);
        await visit.PictureAsync($"sign-in-{width}-{colors}");
        await visit.SignInAsync(server.ApiKey);
        foreach ((string path, string ready) in new[]
        {
            ("", ".plot path.line"),
            ("models", ".model"),
            ("models/digits/versions/1", ".circuit"),
            ("jobs", ".job .layers"),
            ($"jobs/{prediction.Job.Id}", ".circuit"),
            ("keysets", ".keyset"),
            ("cluster", ".silo"),
            ("nowhere", ".empty"),
        })
        {
            await visit.GoAsync(path);
            await visit.Page.Locator(ready).First.WaitForAsync();
            Assert.Equal(width, await visit.Page.EvaluateAsync<int>("Math.max(innerWidth, document.scrollingElement.scrollWidth)"));
            await visit.PictureAsync($"{(path.Length == 0 ? "overview" : path.Split('/') is [var one] ? one : path.Split('/')[0].TrimEnd('s'))}-{width}-{colors}");
        }

        Assert.Empty(visit.Complaints);
        Assert.DoesNotContain(visit.Requests, url => !url.StartsWith(server.Address, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Colours_follow_the_system_until_the_user_chooses()
    {
        await using Visit visit = await browser.VisitAsync(server.Address, colors: ColorScheme.Dark);
        Assert.Equal(Dark, await Ground(visit));
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.Equal(Light, await Ground(visit));

        await visit.Page.GetByRole(AriaRole.Radio, new() { Name = "Dark" }).CheckAsync();
        Assert.Equal(Dark, await Ground(visit));
        _ = await visit.Page.ReloadAsync();
        await visit.Page.GetByLabel("API key").WaitForAsync();
        Assert.Equal(Dark, await Ground(visit));

        await visit.Page.GetByRole(AriaRole.Radio, new() { Name = "As the system" }).CheckAsync();
        Assert.Equal(Light, await Ground(visit));
    }

    [Fact]
    public async Task Everything_is_reached_by_keyboard()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        await Assertions.Expect(visit.Page.GetByLabel("API key")).ToBeFocusedAsync(new() { Timeout = 60_000 });
        await visit.Page.Keyboard.TypeAsync(server.ApiKey);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.GetByRole(AriaRole.Navigation).WaitForAsync();

        // Signing in leads to the page's heading. Whoever comes to the page anew finds the skip link first, then the name, then the pages.
        await Assertions.Expect(await visit.ExpectTitleAsync("Overview")).ToBeFocusedAsync();
        _ = await visit.Page.ReloadAsync();
        await visit.Page.GetByRole(AriaRole.Navigation).WaitForAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.Contains("Skip", await Focused(visit), StringComparison.Ordinal);
        var reached = new List<string>();
        for (int i = 0; i < 4; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            reached.Add(await Focused(visit));
        }

        Assert.Equal(["BlindGrain", "Overview", "Models", "Jobs"], reached);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(await visit.ExpectTitleAsync("Jobs")).ToBeFocusedAsync();
    }

    private static Task<string> Ground(Visit visit) => visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static Task<string> Focused(Visit visit) => visit.Page.EvaluateAsync<string>("document.activeElement.textContent");
}
