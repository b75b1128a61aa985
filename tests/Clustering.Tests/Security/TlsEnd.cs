using System.IO.Pipelines;
using System.Net.Sockets;
using BlindGrain.Clustering.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlindGrain.Clustering.Tests.Security;

/// <summary>One end of a connection over a real socket: what reached it, and what its log says.</summary>
internal sealed record TlsEnd(int Received, string Log)
{
    public const string Silo = "blindgrain-silo";
    public const string Gateway = "blindgrain-gateway";

    /// <summary>What each end sends once it may; neither short nor a multiple of a TLS record.</summary>
    public static byte[] Message { get; } = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7 % 251))];

    /// <summary>Runs the middleware of a process on a socket; sends the message and reads one.</summary>
    /// <param name="socket">A connected socket, which is closed after that.</param>
    /// <param name="options">The process's files.</param>
    /// <param name="accepts">Whether this end accepted the connection.</param>
    /// <param name="peer">The name that the other end must carry.</param>
    public static Task<TlsEnd> RunAsync(Socket socket, ClusterTlsOptions options, bool accepts, string peer) =>
        RunAsync(socket, new TlsIdentitySource(options, accepts, TimeProvider.System, NullLogger<TlsIdentitySource>.Instance), accepts, peer);

    public static async Task<TlsEnd> RunAsync(Socket socket, TlsIdentitySource identities, bool accepts, string peer)
    {
        int received = 0;
        var logger = new ListLogger<TlsMiddleware>();
        var middleware = new TlsMiddleware(identities, accepts, peer, logger);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await using (stream.ConfigureAwait(false))
        {
            var pipes = new Pipes(PipeReader.Create(stream), PipeWriter.Create(stream));
            var context = new DefaultConnectionContext("test", pipes, pipes) { RemoteEndPoint = socket.RemoteEndPoint };
            try
            {
                await middleware.OnConnectionAsync(context, TalkAsync);
            }
            catch (ConnectionAbortedException e)
            {
                Assert.Contains(e.Message, logger.Text, StringComparison.Ordinal);
            }
        }

        return new TlsEnd(received, logger.Text);

        async Task TalkAsync(ConnectionContext context)
        {
            _ = await context.Transport.Output.WriteAsync(Message);
            ReadResult read = await context.Transport.Input.ReadAtLeastAsync(Message.Length);
            received = (int)read.Buffer.Length;
            context.Transport.Input.AdvanceTo(read.Buffer.End);
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
