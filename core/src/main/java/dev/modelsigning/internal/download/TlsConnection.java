package dev.modelsigning.internal.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection with TLS to a server whose certificate is for the host. */
final class TlsConnection implements Connection {

  private static final int BLOCK = 64 * 1024;

  private final SocketChannel channel;
  private final SSLSocket socket;
  private final InputStream arrivals;
  private final byte[] block = new byte[BLOCK];

  /**
   * Takes over a channel that is connected, and shakes hands.
   *
   * @param host the name of the server, which its certificate must be for
   * @throws IOException if there can be no trusted connection; the channel is left open then
   */
  TlsConnection(SocketChannel channel, SSLContext context, String host, int port)
      throws IOException {
    this.channel = channel;
    this.socket =
        (SSLSocket) context.getSocketFactory().createSocket(channel.socket(), host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    this.arrivals = socket.getInputStream();
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  @Override
  public int read(ByteBuffer target, Duration longest) throws IOException {
    try {
      socket.setSoTimeout((int) Math.max(1, Math.min(Integer.MAX_VALUE, longest.toMillis())));
      int read = arrivals.read(block, 0, Math.min(block.length, target.remaining()));
      if (read > 0) {
        target.put(block, 0, read);
      }
      return read;
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  /** Leaves without a farewell, for which TLS would wait until a read in another thread ends. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written that could be lost.
    }
  }
}
