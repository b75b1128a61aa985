using System.Net;
using System.Net.Sockets;

namespace BlindGrain.Clustering.Tests.Security;

/// <summary>Two connected sockets on loopback, with a relay between them that keeps what goes over the wire.</summary>
internal sealed class Loopback : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly MemoryStream _wire = new();

    private Loopback()
    {
    }

    public Socket Accepted { get; private set; } = null!;

    public Socket Opened { get; private set; } = null!;

    /// <summary>What the opening side sent.</summary>
    public byte[] Wire
    {
        get
        {
            lock (_wire)
            {
                return _wire.ToArray();
            }
        }
    }

    public static async Task<Loopback> ConnectAsync()
    {
        var loopback = new Loopback();
        loopback._listener.Start();
        (loopback.Opened, Socket near) = await loopback.PairAsync();
        (Socket far, loopback.Accepted) = await loopback.PairAsync();
        _ = loopback.RelayAsync(near, far, keep: true);
        _ = loopback.RelayAsync(far, near, keep: false);
        return loopback;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Accepted.Dispose();
        Opened.Dispose();
        _wire.Dispose();
    }

    private async Task<(Socket From, Socket To)> PairAsync()
    {
        var from = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await from.ConnectAsync(_listener.LocalEndpoint);
        return (from, await _listener.AcceptSocketAsync());
    }

    private async Task RelayAsync(Socket from, Socket to, bool keep)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                if (keep)
                {
                    lock (_wire)
                    {
                        _wire.Write(buffer, 0, count);
                    }
                }

                _ = await to.SendAsync(buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            to.Dispose();
        }
    }
}
