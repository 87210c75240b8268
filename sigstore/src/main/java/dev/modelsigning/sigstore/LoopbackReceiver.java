package dev.modelsigning.sigstore;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.SigningException;
import dev.modelsigning.json.Printable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits on the loopback interface for the browser in which the user signed in (RFC 8252 7.3).
 * Requests that do not belong to this sign-in are refused, and it waits on.
 */
final class LoopbackReceiver implements AutoCloseable {

  private static final String PATH = "/auth/callback";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(LoopbackReceiver::daemon);
  private final byte[] state;
  private final CompletableFuture<Map<String, String>> result = new CompletableFuture<>();

  private LoopbackReceiver(HttpServer server, String state) {
    this.server = server;
    this.state = state.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * A receiver that listens.
   *
   * @param port the port, or 0 for any free one
   * @param state by which the browser is known
   */
  static LoopbackReceiver open(int port, String state) throws IOException, SigningException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (BindException e) {
      throw new SigningException(
          "the port "
              + port
              + ", to which the browser is to come back, is in use; choose another"
              + " or none, or sign in out of band",
          e);
    }
    LoopbackReceiver receiver = new LoopbackReceiver(server, state);
    server.createContext("/", receiver::handle);
    // One that begins a request and does not end it must not keep out the browser.
    server.setExecutor(receiver.threads);
    server.start();
    return receiver;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "sign-in");
    thread.setDaemon(true);
    return thread;
  }

  /** Where the browser is to come back. */
  String address() {
    return "http://localhost:" + server.getAddress().getPort() + PATH;
  }

  /** The code that the browser brings; waits for it, but not for ever. */
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
      throw new SigningException("the browser came back with something else than a code", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
    String code = parameters.get("code");
    if (code == null || code.isEmpty()) {
      throw new SigningException(
          "the identity provider let nobody sign in: "
              + Printable.quote(parameters.getOrDefault("error", "no reason given")));
    }
    return code;
  }

  private void handle(HttpExchange exchange) throws IOException {
    Optional<Map<String, String>> parameters = parameters(exchange);
    if (parameters.isEmpty()) {
      answer(exchange, 400, "This is not the sign-in that somebody waits for.");
      return;
    }
    boolean signedIn = parameters.get().containsKey("code");
    answer(
        exchange,
        signedIn ? 200 : 400,
        signedIn
            ? "You are signed in. Close this page and go back to the terminal."
            : "You are not signed in. Close this page and go back to the terminal.");
    result.complete(parameters.get());
  }

  /** The parameters of a request that belongs to this sign-in. */
  private Optional<Map<String, String>> parameters(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    if (!exchange.getRequestURI().getPath().equals(PATH)
        || !exchange.getRequestMethod().equals("GET")
        || query == null) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0
          || parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)))
              != null) {
        return Optional.empty();
      }
    }
    byte[] found = parameters.getOrDefault("state", "").getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(state, found) ? Optional.of(parameters) : Optional.empty();
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Not encoded as it should be, so it will not be what is looked for.
      return "";
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] page =
        ("<!doctype html><meta charset=\"utf-8\"><title>Model signing</title><p>" + text + "\n")
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
