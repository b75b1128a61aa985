using BlindGrain.WebConsole.Tests.Fixtures;
using Microsoft.Playwright;

namespace BlindGrain.WebConsole.Tests;

/// <summary>Who gets in, and where the key is kept meanwhile.</summary>
public sealed class SignInTests(Browser browser, ServedConsole server)
{
    [Fact]
    public async Task An_unknown_key_is_refused_in_words_and_the_right_one_gets_in()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.Page.GetByLabel("API key").FillAsync("bg_wrong");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        Assert.Contains("not known here", await visit.Page.GetByRole(AriaRole.Alert).InnerTextAsync(), StringComparison.Ordinal);

        await visit.SignInAsync(server.ApiKey);
        await visit.ExpectTitleAsync("Overview");
    }

    [Fact]
    public async Task The_key_lies_in_the_tabs_own_storage_only_and_goes_with_a_sign_out()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);
        _ = await visit.Page.ReloadAsync();
        await visit.Page.GetByRole(AriaRole.Navigation).WaitForAsync();

        Assert.Contains(server.ApiKey, await Storage(visit, "sessionStorage"), StringComparison.Ordinal);
        Assert.DoesNotContain(server.ApiKey, await Storage(visit, "localStorage"), StringComparison.Ordinal);
        Assert.Equal("", await visit.Page.EvaluateAsync<string>("document.cookie"));

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await visit.Page.GetByLabel("API key").WaitForAsync();
        Assert.Equal("", await visit.Page.GetByLabel("API key").InputValueAsync());
        Assert.DoesNotContain(server.ApiKey, await Storage(visit, "sessionStorage"), StringComparison.Ordinal);
        Assert.DoesNotContain(visit.Requests, url => url.Contains(server.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_known_no_more_leads_back_to_the_sign_in()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);

        // As after the administrator took it away.
        _ = await visit.Page.EvaluateAsync("sessionStorage.setItem('blindgrain.api-key', 'bg_gone')");
        _ = await visit.Page.ReloadAsync();
        await visit.Page.GetByLabel("API key").WaitForAsync();
        Assert.Contains("Sign in again", await visit.Page.GetByRole(AriaRole.Alert).InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("bg_gone", await Storage(visit, "sessionStorage"), StringComparison.Ordinal);
    }

    private static Task<string> Storage(Visit visit, string name) => visit.Page.EvaluateAsync<string>($"JSON.stringify({name})");
}
