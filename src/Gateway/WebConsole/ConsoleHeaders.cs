namespace BlindGrain.Gateway.WebConsole;

/// <summary>What a browser is told about the console's pages: run only their own script, talk only to this server, be framed by nobody, tell nobody.</summary>
internal static class ConsoleHeaders
{
    /// <summary>
    /// Nothing from elsewhere and nothing inline. Forms are never submitted, so that a key cannot get into an address even where the script fails; and no
    /// string ever becomes markup: browsers that know trusted types throw where one would.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>Sets the headers of an answer.</summary>
    public static void Set(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

        // The names never change: what is kept is asked for again, and answered with 304 until the next version.
        headers.CacheControl = "no-cache";
    }
}
