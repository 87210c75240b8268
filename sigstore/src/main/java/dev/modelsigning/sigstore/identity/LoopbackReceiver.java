package dev.modelsigning.sigstore.identity;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits on the loopback interface for the redirect of the browser in which the user signed in (RFC
 * 8252 7.3). Requests that do not belong to this sign-in are refused, and it continues to wait.
 *
 * <p>Every program on this machine and every page in the browser can connect. Nothing that they
 * send is printed or sent back, and their use of resources is limited: if there are too many
 * connections, the oldest is closed, so that none can block the browser. The JDK's HTTP server is
 * not used, as it writes to a log, and has time-outs for the whole process only.
 */
final class LoopbackReceiver implements AutoCloseable {

  private static final String PATH = "/auth/callback";
  private static final int MAX_CONNECTIONS = 32;
  private static final int MAX_FAILURES = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration DRAIN = Duration.ofMillis(500);

  private final LoopbackPort port;
  private final ExecutorService threads = Executors.newCachedThreadPool(LoopbackReceiver::daemon);
  private final Deque<Socket> connections = new ArrayDeque<>();
  private final byte[] state;
  private final CompletableFuture<Map<String, String>> result = new CompletableFuture<>();

  private LoopbackReceiver(LoopbackPort port, String state) {
    this.port = port;
    this.state = state.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Opens a receiver.
   *
   * @param port the port, or 0 for any free one
   * @param state the value that identifies the browser's request
   */
  static LoopbackReceiver open(int port, String state) throws IOException, SigningException {
    LoopbackReceiver receiver = new LoopbackReceiver(LoopbackPort.open(port), state);
    for (ServerSocket socket : receiver.port.sockets()) {
      receiver.threads.execute(() -> receiver.accept(socket));
    }
    return receiver;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "sign-in");
    thread.setDaemon(true);
    return thread;
  }

  /** The redirect URI for the browser. */
  String address() {
    return "http://localhost:" + port.number() + PATH;
  }

  /** Waits for the browser, up to a time-out, and returns the code that it sends. */
  String code(Duration patience) throws IOException, SigningException {
    Map<String, String> parameters;
    try {
      parameters = result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new SigningException(
          "nobody signed in within "
              + patience.toSeconds()
              + " s; try again, or sign in out of band if the browser is on another machine",
          e);
    } catch (ExecutionException e) {
      throw new SigningException("the browser cannot come back: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
    String code = parameters.getOrDefault("code", "");
    if (code.isEmpty()) {
      String description = parameters.getOrDefault("error_description", "");
      throw new SigningException(
          "the identity provider refused the sign-in: "
              + Printable.quote(parameters.getOrDefault("error", ""))
              + (description.isEmpty() ? "" : " (" + Printable.quote(description) + ")"));
    }
    return code;
  }

  private void accept(ServerSocket socket) {
    int failures = 0;
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        keep(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException | RuntimeException e) {
        // A client that closed the connection is no reason to end. If failures continue, nobody can
        // sign in; and if the sign-in is over, the result is ignored.
        failures++;
        if (failures == MAX_FAILURES) {
          result.completeExceptionally(e);
          return;
        }
      }
    }
  }

  private void keep(Socket connection) throws IOException {
    Socket oldest = null;
    synchronized (connections) {
      connections.add(connection);
      if (connections.size() > MAX_CONNECTIONS) {
        oldest = connections.poll();
      }
    }
    if (oldest != null) {
      oldest.close();
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      answer(connection, BrowserRequest.read(connection, PATIENCE));
      drain(connection);
    } catch (IOException e) {
      // The client is gone, or was too slow. The browser opens another connection.
    } finally {
      synchronized (connections) {
        connections.remove(connection);
      }
    }
  }

  private void answer(Socket connection, Optional<BrowserRequest> request) throws IOException {
    Optional<Map<String, String>> parameters =
        request.flatMap(one -> one.parameters(PATH)).filter(this::belongs);
    boolean head = request.isPresent() && request.get().method().equals("HEAD");
    if (parameters.isEmpty()) {
      send(connection, head, "400 Bad Request", "This is not the sign-in that somebody waits for.");
      return;
    }
    boolean signedIn = !parameters.get().containsKey("error");
    send(
        connection,
        head,
        signedIn ? "200 OK" : "400 Bad Request",
        "You are "
            + (signedIn ? "" : "not ")
            + "signed in. Close this page and go back to the terminal.");
    result.complete(parameters.get());
  }

  /**
   * Whether the request is the response to this sign-in: a code or an error, with the state that
   * only this program and the provider know.
   */
  private boolean belongs(Map<String, String> parameters) {
    byte[] found = parameters.getOrDefault("state", "").getBytes(StandardCharsets.UTF_8);
    boolean hasCode = !parameters.getOrDefault("code", "").isEmpty();
    boolean hasError = !parameters.getOrDefault("error", "").isEmpty();
    return MessageDigest.isEqual(state, found) && hasCode != hasError;
  }

  /** Sends a page with this text, which is never untrusted. */
  private static void send(Socket connection, boolean headOnly, String status, String text)
      throws IOException {
    byte[] page =
        ("<!doctype html><meta charset=\"utf-8\"><title>Model signing</title><p>" + text + "\n")
            .getBytes(StandardCharsets.UTF_8);
    String head =
        String.join(
            "\r\n",
            "HTTP/1.1 " + status,
            "Content-Type: text/html; charset=utf-8",
            "Content-Length: " + page.length,
            "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'",
            "Cache-Control: no-store",
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
            "",
            "");
    connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    if (!headOnly) {
      connection.getOutputStream().write(page);
    }
    connection.shutdownOutput();
  }

  /**
   * Reads the rest for a short time: closing with unread data would reset the connection and lose
   * the page.
   */
  private static void drain(Socket connection) throws IOException {
    long end = System.nanoTime() + DRAIN.toNanos();
    InputStream stream = connection.getInputStream();
    byte[] rest = new byte[8192];
    int read = 0;
    while (read >= 0 && System.nanoTime() < end) {
      connection.setSoTimeout((int) DRAIN.toMillis());
      read = stream.read(rest);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      port.close();
    } finally {
      threads.shutdownNow();
      synchronized (connections) {
        for (Socket connection : connections) {
          connection.close();
        }
      }
      awaitEnd();
    }
  }

  /** The operating system holds a port until the last thread has left it. */
  private void awaitEnd() {
    try {
      // If it takes longer, the port becomes free a little later; nobody needs to wait for that.
      threads.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
