package dev.modelsigning.internal.download;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A GET request over a connection of its own, and the response. It follows no redirects, repeats
 * nothing, and adds nothing to the headers but the host and that the connection ends.
 */
public final class Download {

  private static final int MAX_HEAD = 64 * 1024;
  private static final int HTTPS = 443;
  private static final int HTTP = 80;
  private static final int SUCCESS = 2;
  private static final Pattern VALUE = Pattern.compile("[\\t -~]*");

  private final ResponseHead head;
  private final byte[] content;
  private final @Nullable DownloadBody body;

  private Download(ResponseHead head, byte[] content, @Nullable DownloadBody body) {
    this.head = head;
    this.content = content;
    this.body = body;
  }

  /**
   * How long a download may take.
   *
   * @param connect the longest time until there is a connection
   * @param answer the longest time until the head of the response is there, and all of a refusal
   * @param stall the period of waiting for the body in which at least that many bytes must arrive
   * @param least that number of bytes
   */
  public record Limits(Duration connect, Duration answer, Duration stall, long least) {}

  /**
   * Sends a request.
   *
   * @param address the address, {@code http} or {@code https}
   * @param headers the headers of the request
   * @param tls for {@code https}: whom to trust
   * @param maxRefusal how many bytes to read of a response that is not a success
   * @param failures makes the exceptions for failures of the body
   * @return empty if the request or the response has a form that is not understood here, so that
   *     another client has to be asked; the body of a success must be closed
   * @throws HttpTimeoutException if there is no response in time
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if the connection fails
   */
  public static Optional<Download> begin(
      URI address,
      Map<String, String> headers,
      SSLContext tls,
      Limits limits,
      int maxRefusal,
      Failures failures)
      throws IOException {
    Optional<byte[]> request = request(address, headers);
    if (request.isEmpty()) {
      return Optional.empty();
    }
    try (Attempt attempt = new Attempt(limits.answer())) {
      return attempt.run(address, request.get(), tls, limits, maxRefusal, failures);
    }
  }

  /** The request, or empty if something in it could be taken for more than it is. */
  private static Optional<byte[]> request(URI address, Map<String, String> headers) {
    URI ascii = URI.create(address.toASCIIString());
    String host = ascii.getHost();
    if (host == null || !headers.values().stream().allMatch(it -> VALUE.matcher(it).matches())) {
      return Optional.empty();
    }
    String path =
        ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
    StringBuilder text = new StringBuilder("GET ").append(path);
    if (ascii.getRawQuery() != null) {
      text.append('?').append(ascii.getRawQuery());
    }
    text.append(" HTTP/1.1\r\nHost: ").append(host);
    if (ascii.getPort() >= 0) {
      text.append(':').append(ascii.getPort());
    }
    text.append("\r\nConnection: close\r\n");
    headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
    return Optional.of(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** The status of the response. */
  public int status() {
    return head.status();
  }

  /** The headers of the response. */
  public Map<String, List<String>> headers() {
    return head.headers();
  }

  /** The content of a response that is not a success, or its beginning; otherwise nothing. */
  public byte[] content() {
    return content.clone();
  }

  /** The body of a success. */
  public Optional<ReadableByteChannel> body() {
    return Optional.ofNullable(body);
  }

  /** The time until the body, in which a connection that is late is closed by another thread. */
  private static final class Attempt implements AutoCloseable {
    private final long end;
    private final AtomicBoolean late = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private final SocketChannel channel;
    private @Nullable Connection connection;
    private boolean handedOver;

    Attempt(Duration limit) throws IOException {
      end = System.nanoTime() + limit.toNanos();
      channel = SocketChannel.open();
      CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
          .execute(this::endLate);
    }

    private void endLate() {
      if (over.get()) {
        return;
      }
      late.set(true);
      try {
        channel.close();
      } catch (IOException e) {
        // The thread that waits for it fails anyway.
      }
    }

    Optional<Download> run(
        URI address,
        byte[] request,
        SSLContext tls,
        Limits limits,
        int maxRefusal,
        Failures failures)
        throws IOException {
      try {
        Connection to = connect(address, tls, limits.connect());
        connection = to;
        to.send(request);
        return receive(to, limits, maxRefusal, failures);
      } catch (IOException e) {
        InterruptedIOException interruption = Interruption.of(e);
        if (interruption != null) {
          throw interruption;
        }
        if (late.get()) {
          throw (IOException) new HttpTimeoutException("no answer in time").initCause(e);
        }
        throw e;
      }
    }

    private Connection connect(URI address, SSLContext tls, Duration longest) throws IOException {
      boolean secure = "https".equalsIgnoreCase(address.getScheme());
      String named = String.valueOf(address.getHost());
      String host = named.startsWith("[") ? named.substring(1, named.length() - 1) : named;
      int port = address.getPort() >= 0 ? address.getPort() : secure ? HTTPS : HTTP;
      InetSocketAddress place = new InetSocketAddress(host, port);
      if (place.isUnresolved()) {
        throw new ConnectException("the name of the host is not known");
      }
      try {
        channel.socket().connect(place, (int) Math.max(1, longest.toMillis()));
      } catch (SocketTimeoutException e) {
        throw (IOException) new HttpConnectTimeoutException("no connection in time").initCause(e);
      }
      return secure ? new TlsConnection(channel, tls, host, port) : new PlainConnection(channel);
    }

    private Optional<Download> receive(
        Connection from, Limits limits, int maxRefusal, Failures failures) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(MAX_HEAD);
      int length = -1;
      while (length < 0) {
        int before = bytes.position();
        read(from, bytes);
        length = ResponseHead.end(bytes.array(), before, bytes.position());
        if (length < 0 && !bytes.hasRemaining()) {
          return Optional.empty();
        }
      }
      Optional<ResponseHead> found = ResponseHead.of(bytes.array(), length);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      ResponseHead head = found.get();
      ByteBuffer begun = bytes.flip().position(length).slice();
      if (head.status() / 100 == SUCCESS) {
        handedOver = true;
        return Optional.of(
            new Download(
                head,
                new byte[0],
                new DownloadBody(
                    from, begun, head.length(), limits.stall(), limits.least(), failures)));
      }
      ByteBuffer content = ByteBuffer.allocate((int) Math.min(maxRefusal, head.length()));
      content.put(begun.limit(Math.min(begun.limit(), content.capacity())));
      while (content.hasRemaining()) {
        read(from, content);
      }
      return Optional.of(
          new Download(head, Arrays.copyOf(content.array(), content.position()), null));
    }

    /** Reads at least one byte. */
    private void read(Connection from, ByteBuffer target) throws IOException {
      while (true) {
        long left = end - System.nanoTime();
        int read = left <= 0 ? 0 : from.read(target, Duration.ofNanos(left));
        if (read > 0) {
          return;
        }
        if (read < 0) {
          throw new IOException("the connection ended before the answer did");
        }
        Interruption.require();
        if (left <= 0) {
          throw new HttpTimeoutException("no answer in time");
        }
      }
    }

    /** Closes the connection, unless a body goes on. */
    @Override
    public void close() throws IOException {
      over.set(true);
      if (handedOver) {
        return;
      }
      if (connection != null) {
        connection.close();
      }
      channel.close();
    }
  }
}
