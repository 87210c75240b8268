package dev.modelsigning.testing;

import dev.modelsigning.testing.TestHttpServer.Received;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on the loopback interface: it forwards plain requests and makes tunnels. It knows one
 * server, which has every name.
 */
public final class TestProxy implements AutoCloseable {

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final TestHttpServer server;
  private final @Nullable String credentials;

  /**
   * A proxy.
   *
   * @param server whom every name leads to
   * @param credentials the user and the password that it wants, with a colon between them; null for
   *     none
   */
  public TestProxy(TestHttpServer server, @Nullable String credentials) throws IOException {
    this.server = server;
    this.credentials = credentials;
    threads.execute(this::accept);
  }

  /** Where it listens. */
  public String place() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** What it was asked so far. */
  public List<Received> requests() {
    return new ArrayList<>(requests);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        // Closed by the test.
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      Received request = TestHttpServer.read(client.getInputStream());
      requests.add(request);
      String given = request.headers().get("Proxy-Authorization");
      if (credentials != null && !("Basic " + base64(credentials)).equals(given)) {
        TestHttpServer.send(
            client.getOutputStream(),
            407,
            new byte[0],
            "Proxy-Authenticate: Basic realm=\"the proxy\"");
        return;
      }
      try (Socket target = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        connections.add(target);
        if (request.line().startsWith("CONNECT ")) {
          client
              .getOutputStream()
              .write("HTTP/1.1 200 Established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          threads.execute(() -> copy(client, target));
        } else {
          forward(request, target.getOutputStream());
        }
        copy(target, client);
      }
    } catch (IOException e) {
      // One of them went away.
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends on what came, but for what was for the proxy. */
  private static void forward(Received request, OutputStream target) throws IOException {
    String[] line = request.line().split(" ", -1);
    URI address = URI.create(line[1]);
    StringBuilder head =
        new StringBuilder(line[0] + " " + address.getRawPath() + " " + line[2] + "\r\n");
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      if (!header.getKey().startsWith("Proxy-")) {
        head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
      }
    }
    target.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    target.write(request.content());
    target.flush();
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // One of them went away.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : connections) {
      connection.close();
    }
    threads.shutdownNow();
  }
}
