package dev.modelsigning.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** The pages by which a cluster looks after this server: {@code /healthz}, /readyz, /metrics. */
final class StatusPages {

  private final BooleanSupplier ready;
  private final Metrics metrics;

  StatusPages(BooleanSupplier ready, Metrics metrics) {
    this.ready = ready;
    this.metrics = metrics;
  }

  /** Adds the pages to a server. */
  void addTo(HttpServer server) {
    server.createContext(
        "/healthz",
        exchange -> page(exchange, "/healthz", () -> HttpReply.text(exchange, 200, "ok")));
    server.createContext("/readyz", exchange -> page(exchange, "/readyz", () -> ready(exchange)));
    server.createContext(
        "/metrics",
        exchange -> page(exchange, "/metrics", () -> HttpReply.metrics(exchange, metrics.text())));
  }

  @FunctionalInterface
  private interface Page {
    void send() throws IOException;
  }

  /** Contexts of the JDK's server are for all paths that begin so. */
  private static void page(HttpExchange exchange, String path, Page page) throws IOException {
    if (!exchange.getRequestURI().getPath().equals(path)) {
      HttpReply.refuse(exchange, HttpReply.NOT_FOUND, "there is no such page");
    } else if (!exchange.getRequestMethod().equals("GET")
        && !exchange.getRequestMethod().equals("HEAD")) {
      HttpReply.refuse(exchange, HttpReply.METHOD_NOT_ALLOWED, "expected GET");
    } else {
      page.send();
    }
  }

  private void ready(HttpExchange exchange) throws IOException {
    if (ready.getAsBoolean()) {
      HttpReply.text(exchange, HttpReply.OK, "ok");
    } else {
      HttpReply.text(exchange, HttpReply.UNAVAILABLE, "the server ends");
    }
  }
}
