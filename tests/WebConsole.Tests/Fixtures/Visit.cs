using Microsoft.Playwright;

namespace BlindGrain.WebConsole.Tests.Fixtures;

/// <summary>One user's page.</summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly Uri _console;
    private readonly string? _pictures;

    public Visit(IPage page, Uri console, string? pictures)
    {
        (Page, _console, _pictures) = (page, console, pictures);
        page.Request += (_, request) => Requests.Add(request.Url);
        page.PageError += (_, error) => Complaints.Add(error);
        page.Console += (_, message) =>
        {
            // What the browser says of an answer of 4xx is no fault of the page's.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                Complaints.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>All addresses asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What the browser complained of: violations of the content security policy, errors of the script.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Goes to a page, named as behind the '#'.</summary>
    public async Task GoAsync(string path) => _ = await Page.GotoAsync(new Uri(_console, path.Length == 0 ? "" : $"#/{path}").ToString());

    public async Task SignInAsync(string apiKey)
    {
        await Page.GetByLabel("API key").FillAsync(apiKey);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByRole(AriaRole.Navigation).WaitForAsync();
    }

    /// <summary>Waits until a page of this heading is there, and returns the heading.</summary>
    public async Task<ILocator> ExpectTitleAsync(string title)
    {
        ILocator heading = Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Assertions.Expect(heading).ToHaveTextAsync(title, new() { Timeout = 60_000 });
        return heading;
    }

    /// <summary>Keeps a picture of the whole page where somebody asked for pictures.</summary>
    public async Task PictureAsync(string name)
    {
        if (_pictures is not null)
        {
            _ = await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(_pictures, $"{name}.png"), FullPage = true });
        }
    }

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());
}
