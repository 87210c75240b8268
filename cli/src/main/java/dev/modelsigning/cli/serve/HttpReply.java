package dev.modelsigning.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends answers over HTTP, whole and once. */
final class HttpReply {

  static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int TOO_LARGE = 413;
  static final int UNSUPPORTED_TYPE = 415;
  static final int INTERNAL_ERROR = 500;
  static final int UNAVAILABLE = 503;

  private static final String TEXT = "text/plain; charset=utf-8";

  private HttpReply() {}

  /** Sends JSON. */
  static void json(HttpExchange exchange, byte[] document) throws IOException {
    send(exchange, OK, "application/json", document);
  }

  /** Sends a line for people, which must be escaped. */
  static void text(HttpExchange exchange, int status, String line) throws IOException {
    send(exchange, status, TEXT, (line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The same for a request whose body is not read: the connection ends. */
  static void refuse(HttpExchange exchange, int status, String line) throws IOException {
    exchange.getResponseHeaders().set("Connection", "close");
    text(exchange, status, line);
  }

  /** Sends a document in the text format of Prometheus. */
  static void metrics(HttpExchange exchange, String document) throws IOException {
    send(
        exchange,
        OK,
        "text/plain; version=0.0.4; charset=utf-8",
        document.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
        // Closing waits for the rest of the request first, which may never come.
        exchange.getResponseBody().flush();
      }
    }
  }
}
