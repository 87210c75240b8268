package dev.modelsigning.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on the loopback interface that does what no library's server can be made to do: it
 * hands each request to a test together with the bare connection.
 */
public final class TestHttpServer implements AutoCloseable {

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  /**
   * A request.
   *
   * @param line its first line
   * @param headers its headers, by name in any case
   * @param content its content
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  public record Received(String line, Map<String, String> headers, byte[] content) {

    /** The path, with the query. */
    public String path() {
      return line.split(" ", -1)[1];
    }
  }

  /** The behaviour of the server. */
  @FunctionalInterface
  public interface Answers {
    /**
     * Answers a request; the connection is closed afterwards.
     *
     * @param request the request
     * @param number its number, from 1
     */
    void to(Received request, int number, OutputStream connection)
        throws IOException, InterruptedException;
  }

  /** A server that answers so. */
  public TestHttpServer(Answers answers) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answers);
  }

  private TestHttpServer(ServerSocket socket, Answers answers) {
    this.socket = socket;
    threads.execute(() -> accept(answers));
  }

  /** A server with TLS that answers so. */
  public static TestHttpServer tls(TestCertificate certificate, Answers answers)
      throws IOException, GeneralSecurityException {
    return tlsFor(certificate, null, answers);
  }

  /** The same that answers only clients with a certificate by an authority, if there is one. */
  public static TestHttpServer tlsFor(
      TestCertificate certificate, @Nullable TestCertificate ofClients, Answers answers)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "key",
        certificate.keys().getPrivate(),
        new char[0],
        new Certificate[] {certificate.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    TrustManager[] managers = null;
    if (ofClients != null) {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry("anchor", ofClients.certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(anchors);
      managers = trust.getTrustManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), managers, null);
    SSLServerSocket socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    socket.setNeedClientAuth(ofClients != null);
    return new TestHttpServer(socket, answers);
  }

  private void accept(Answers answers) {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection, answers));
      } catch (IOException e) {
        // Closed by the test.
        return;
      }
    }
  }

  private void serve(Socket connection, Answers answers) {
    try (connection) {
      Received request = read(connection.getInputStream());
      requests.add(request);
      asked.countDown();
      answers.to(request, requests.size(), connection.getOutputStream());
    } catch (IOException e) {
      // The client went away, which is what many tests are about.
      left.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Received read(InputStream stream) throws IOException {
    String line = line(stream);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header = line(stream); !header.isEmpty(); header = line(stream)) {
      String[] parts = header.split(":", 2);
      headers.put(parts[0], parts[1].strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
    return new Received(line, headers, stream.readNBytes(length));
  }

  private static String line(InputStream stream) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = stream.read(); c != '\n'; c = stream.read()) {
      if (c < 0) {
        throw new IOException("the client sent no request");
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /** An address on this server. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
  }

  /** Where it listens, on the loopback interface. */
  public int port() {
    return socket.getLocalPort();
  }

  /** How many connections were made so far. */
  public int connections() {
    return connections.size();
  }

  /** What was asked so far. */
  public List<Received> requests() {
    return new ArrayList<>(requests);
  }

  /** Waits until the server has been asked something. */
  public void awaitRequest() throws InterruptedException {
    asked.await();
  }

  /** Waits until a client has left a connection over which it was being answered. */
  public void awaitLeft() throws InterruptedException {
    left.await();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : connections) {
      connection.close();
    }
    threads.shutdownNow();
  }

  /** An answer with a status and a text; the headers are whole lines. */
  public static Answers answering(int status, String text, String... headers) {
    return answering(status, text.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** An answer with a status and a content; the headers are whole lines. */
  public static Answers answering(int status, byte[] content, String... headers) {
    return (request, number, connection) -> send(connection, status, content, headers);
  }

  /** Sends an answer with a status and a content; the headers are whole lines. */
  public static void send(OutputStream connection, int status, byte[] content, String... headers)
      throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(content.length).append("\r\nConnection: close\r\n\r\n");
    connection.write(head.toString().getBytes(StandardCharsets.UTF_8));
    connection.write(content);
    connection.flush();
  }

  /** A response that arrives byte by byte and never ends, until the client disconnects. */
  public static Answers dripping() {
    return (request, number, connection) -> {
      begin(connection, 200);
      while (true) {
        connection.write("1\r\nx\r\n".getBytes(StandardCharsets.US_ASCII));
        connection.flush();
        Thread.sleep(50);
      }
    };
  }

  /** Headers that arrive byte by byte and never end, like {@link #dripping}. */
  public static Answers drippingHeaders() {
    return (request, number, connection) -> {
      connection.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      while (true) {
        connection.write('x');
        connection.flush();
        Thread.sleep(50);
      }
    };
  }

  /** An answer without end, as fast as it goes. */
  public static Answers endless(int status) {
    return (request, number, connection) -> {
      byte[] part = ("1000\r\n" + "x".repeat(0x1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      begin(connection, status);
      while (true) {
        connection.write(part);
      }
    };
  }

  /** Headers without end, as fast as they go. */
  public static Answers endlessHeaders() {
    return (request, number, connection) -> {
      connection.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] part = ("X: " + "x".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      while (true) {
        connection.write(part);
      }
    };
  }

  /** An answer that is cut off in its middle. */
  public static Answers cut() {
    return (request, number, connection) ->
        connection.write(
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly so much"
                .getBytes(StandardCharsets.US_ASCII));
  }

  /** No answer, until the test is over. */
  public static Answers silent() {
    return (request, number, connection) -> new CountDownLatch(1).await();
  }

  private static void begin(OutputStream connection, int status) throws IOException {
    connection.write(
        ("HTTP/1.1 " + status + " Status\r\nTransfer-Encoding: chunked\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }
}
