package dev.modelsigning.internal.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A connection without TLS. Bytes go from the socket to the reader's buffer, and the selector is
 * asked only if there are none.
 */
final class PlainConnection implements Connection {

  private final SocketChannel channel;
  private final Selector arrivals;

  /**
   * Takes over a channel that is connected.
   *
   * @throws IOException if it cannot be used; it is left open then
   */
  PlainConnection(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    this.arrivals = channel.provider().openSelector();
    channel.register(arrivals, SelectionKey.OP_READ);
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        // A request fits in the buffer of a new connection.
        throw new IOException("the connection takes no request");
      }
    }
  }

  @Override
  public int read(ByteBuffer target, Duration longest) throws IOException {
    int read = channel.read(target);
    if (read != 0) {
      return read;
    }
    try {
      arrivals.select(Math.max(1, longest.toMillis()));
      arrivals.selectedKeys().clear();
    } catch (ClosedSelectorException e) {
      throw (IOException) new AsynchronousCloseException().initCause(e);
    }
    return Thread.currentThread().isInterrupted() ? 0 : channel.read(target);
  }

  @Override
  public void close() {
    try (arrivals) {
      channel.close();
    } catch (IOException e) {
      // Nothing was written that could be lost.
    }
  }
}
