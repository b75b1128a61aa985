using BlindGrain.WebConsole.Tests.Fixtures;
using Microsoft.Playwright;

namespace BlindGrain.WebConsole.Tests;

/// <summary>Text of a model's maker, or of whoever answers in the server's place, is text.</summary>
public sealed class HostileTextTests(Browser browser, ServedConsole server)
{
    [Fact]
    public async Task The_name_of_a_layer_is_never_markup()
    {
        _ = await server.Client.PushModelAsync("hostile", "1", SampleNetwork.FileOf(SampleNetwork.Create(SampleNetwork.HostileName)));
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);
        await visit.GoAsync("models/hostile/versions/1");
        await visit.Page.Locator(".circuit").WaitForAsync();
        Assert.Equal(SampleNetwork.HostileName, await visit.Page.Locator(".circuit .name").First.InnerTextAsync());
        await AssertNoMarkup(visit);
        await server.Client.DeleteModelAsync("hostile", "1");
    }

    [Fact]
    public async Task A_problems_words_are_never_markup()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        await visit.SignInAsync(server.ApiKey);
        await visit.Page.RouteAsync("**/v2/keysets", route => route.FulfillAsync(new()
        {
            Status = 503,
            ContentType = "application/problem+json",
            Body = $$"""{"status":503,"code":"cluster_unavailable","detail":"{{SampleNetwork.HostileName}}"}""",
        }));
        await visit.GoAsync("keysets");
        Assert.Equal(SampleNetwork.HostileName, await visit.Page.GetByRole(AriaRole.Alert).InnerTextAsync());
        await AssertNoMarkup(visit);
    }

    [Fact]
    public async Task The_policy_stops_markup_and_script_that_get_in_all_the_same()
    {
        await using Visit visit = await browser.VisitAsync(server.Address);
        string outcome = await visit.Page.EvaluateAsync<string>(
            """
            () => {
              try {
                document.body.innerHTML = '<img src=x onerror="window.hit = true">';
                return 'taken';
              } catch (error) {
                return error.name;
              }
            }
            """);
        Assert.Equal("TypeError", outcome);
        _ = await visit.Page.EvaluateAsync(
            """
            () => {
              const image = document.createElement('img');
              image.src = 'https://example.org/steal';
              document.body.append(image);
            }
            """);
        await Assertions.Expect(visit.Page.Locator("body > img")).ToHaveCountAsync(1);
        Assert.Contains(visit.Complaints, c => c.Contains("img-src", StringComparison.Ordinal));
    }

    private static async Task AssertNoMarkup(Visit visit)
    {
        Assert.Equal(0, await visit.Page.Locator("img, b").CountAsync());
        Assert.Empty(visit.Complaints);
    }
}
