package dev.modelsigning.cli.interop.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/** Stands before a real registry, and refuses some requests as one without the right to write. */
final class RefusingRelay implements AutoCloseable {

  private static final Set<String> PASSED = Set.of("accept", "content-type", "content-range");
  private static final List<String> RETURNED =
      List.of("Content-Type", "Docker-Content-Digest", "OCI-Subject", "Location", "Range", "Link");

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server;
  private final String target;
  private final BiPredicate<String, String> refused;
  private final AtomicInteger refusals = new AtomicInteger();

  /**
   * Starts it.
   *
   * @param target the address of the registry
   * @param refused whether a method with a path is refused
   */
  RefusingRelay(String target, BiPredicate<String, String> refused) throws IOException {
    this.target = target;
    this.refused = refused;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many requests were refused. */
  int refusals() {
    return refusals.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (refused.test(exchange.getRequestMethod(), exchange.getRequestURI().getPath())) {
        refusals.incrementAndGet();
        byte[] denied = "denied".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(403, denied.length);
        exchange.getResponseBody().write(denied);
        return;
      }
      answer(exchange, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + target + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange.getRequestHeaders().entrySet().stream()
        .filter(header -> PASSED.contains(header.getKey().toLowerCase(java.util.Locale.ROOT)))
        .forEach(header -> request.header(header.getKey(), header.getValue().get(0)));
    HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
    for (String name : RETURNED) {
      answer
          .headers()
          .firstValue(name)
          .ifPresent(
              value -> exchange.getResponseHeaders().add(name, value.replace(target, address())));
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      answer
          .headers()
          .firstValue("Content-Length")
          .ifPresent(value -> exchange.getResponseHeaders().add("Content-Length", value));
      exchange.sendResponseHeaders(answer.statusCode(), -1);
      return;
    }
    byte[] content = answer.body();
    exchange.sendResponseHeaders(answer.statusCode(), content.length == 0 ? -1 : content.length);
    if (content.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(content);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
