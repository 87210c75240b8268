package dev.modelsigning.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.modelsigning.cli.listen.Arrivals;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** The pages by which a cluster looks after this server: {@code /healthz}, /readyz, /metrics. */
final class StatusPages {

  private final BooleanSupplier alive;
  private final BooleanSupplier ready;
  private final Metrics metrics;

  StatusPages(BooleanSupplier alive, BooleanSupplier ready, Metrics metrics) {
    this.alive = alive;
    this.ready = ready;
    this.metrics = metrics;
  }

  /** Adds the pages to a server, whose requests arrive by these threads. */
  void addTo(HttpServer server, Arrivals threads) {
    add(
        server,
        threads,
        "/healthz",
        exchange -> say(exchange, alive, "a thread of the server has ended"));
    add(server, threads, "/readyz", exchange -> say(exchange, ready, "the server ends"));
    add(server, threads, "/metrics", exchange -> HttpReply.metrics(exchange, metrics.text()));
  }

  private static void add(HttpServer server, Arrivals threads, String path, HttpHandler page) {
    server.createContext(
        path,
        exchange -> {
          threads.arrived();
          page(exchange, path, page);
        });
  }

  /** Contexts of the JDK's server are for all paths that begin so. */
  private static void page(HttpExchange exchange, String path, HttpHandler page)
      throws IOException {
    if (!exchange.getRequestURI().getPath().equals(path)) {
      HttpReply.refuse(exchange, HttpReply.NOT_FOUND, "there is no such page");
    } else if (!exchange.getRequestMethod().equals("GET")
        && !exchange.getRequestMethod().equals("HEAD")) {
      HttpReply.refuse(exchange, HttpReply.METHOD_NOT_ALLOWED, "expected GET");
    } else {
      page.handle(exchange);
    }
  }

  private static void say(HttpExchange exchange, BooleanSupplier good, String otherwise)
      throws IOException {
    if (good.getAsBoolean()) {
      HttpReply.text(exchange, HttpReply.OK, "ok");
    } else {
      HttpReply.text(exchange, HttpReply.UNAVAILABLE, otherwise);
    }
  }
}
