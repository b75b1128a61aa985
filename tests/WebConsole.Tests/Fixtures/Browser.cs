using Microsoft.Playwright;

namespace BlindGrain.WebConsole.Tests.Fixtures;

/// <summary>
/// A real Chromium: the program that BLINDGRAIN_CHROMIUM names, else the system's. Tests that need it are skipped where there is neither. With BLINDGRAIN_SCREENSHOTS the pages' pictures are
/// left in that folder.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] s_usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string? Program => Environment.GetEnvironmentVariable("BLINDGRAIN_CHROMIUM") is { Length: > 0 } named ? named : s_usual.FirstOrDefault(File.Exists);

    private static string? Pictures => Environment.GetEnvironmentVariable("BLINDGRAIN_SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    public async ValueTask InitializeAsync()
    {
        if (Program is { } program)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program });
        }
    }

    /// <summary>A page with storage of its own, at the console; everything that it asks for and complains of is kept.</summary>
    public async Task<Visit> VisitAsync(string address, int width = 1280, int height = 860, ColorScheme colors = ColorScheme.Light)
    {
        if (_browser is null)
        {
            Assert.Skip("There is no Chromium: install it (Debian: chromium), or name one in BLINDGRAIN_CHROMIUM.");
        }

        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = colors,
            ReducedMotion = ReducedMotion.Reduce,
        });

        // A busy machine is slow.
        context.SetDefaultTimeout(60_000);
        IPage page = await context.NewPageAsync();
        var visit = new Visit(page, new Uri(new Uri(address), "/console/"), Pictures);
        await visit.GoAsync("");
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
