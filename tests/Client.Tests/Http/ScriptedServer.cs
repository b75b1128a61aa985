using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlindGrain.Client.Tests.Http;

/// <summary>An HTTP server on loopback that answers each request with the next line of a script, and records what came.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Action<HttpListenerContext>> _script;
    private readonly Task _run;

    public ScriptedServer(params Action<HttpListenerContext>[] script)
    {
        _script = new ConcurrentQueue<Action<HttpListenerContext>>(script);
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _run = RunAsync();
    }

    public Uri Address { get; }

    /// <summary>Method, path and headers of each request, in order.</summary>
    public ConcurrentQueue<(string Method, string Path, WebHeaderCollection Headers)> Requests { get; } = new();

    public static Action<HttpListenerContext> Json(int status, string body, string type = "application/json") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        Write(context, body);
    };

    public static Action<HttpListenerContext> Problem(int status, string code) =>
        Json(status, $$"""{"status":{{status}},"code":"{{code}}","detail":"what is wrong"}""", "application/problem+json");

    /// <summary>Announces more than it sends, and cuts the connection.</summary>
    public static Action<HttpListenerContext> Cut(string body, string type = "application/json") => context =>
    {
        context.Response.ContentType = type;
        context.Response.ContentLength64 = Encoding.UTF8.GetByteCount(body) + 100;
        context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(body));
        context.Response.OutputStream.Flush();
        context.Response.Abort();
    };

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _run;
    }

    private static void Write(HttpListenerContext context, string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        context.Response.ContentLength64 = bytes.Length;
        context.Response.OutputStream.Write(bytes);
        context.Response.Close();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                Requests.Enqueue((context.Request.HttpMethod, context.Request.RawUrl!, new WebHeaderCollection { context.Request.Headers }));
                (_script.TryDequeue(out Action<HttpListenerContext>? answer) ? answer : Problem(500, "script_ended"))(context);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed: the test is over.
        }
    }
}
