package dev.modelsigning.sigstore.identity;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The start of an HTTP/1 request from an untrusted client, read with limits on length and time.
 * Headers and content are ignored.
 *
 * @param method the method, such as {@code GET}
 * @param target the path and the query
 */
record BrowserRequest(String method, String target) {

  private static final int MAX_LENGTH = 64 * 1024;

  /**
   * Reads a request.
   *
   * @param patience the time-out for the whole request
   * @return the request, or empty if it is malformed, too long or too slow
   */
  static Optional<BrowserRequest> read(Socket socket, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    InputStream stream = socket.getInputStream();
    byte[] head = new byte[MAX_LENGTH];
    int length = 0;
    while (length < MAX_LENGTH) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return Optional.empty();
      }
      socket.setSoTimeout((int) left);
      int read;
      try {
        read = stream.read(head, length, MAX_LENGTH - length);
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      }
      if (read < 0) {
        return Optional.empty();
      }
      int before = length;
      length += read;
      if (hasEmptyLine(head, Math.max(0, before - 3), length)) {
        return parse(new String(head, 0, length, StandardCharsets.ISO_8859_1));
      }
    }
    return Optional.empty();
  }

  private static boolean hasEmptyLine(byte[] head, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (head[i] == '\n'
          && (head[i - 1] == '\n' || (i > 1 && head[i - 1] == '\r' && head[i - 2] == '\n'))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<BrowserRequest> parse(String head) {
    String[] line = head.substring(0, head.indexOf('\n')).strip().split(" ", -1);
    return line.length == 3 && line[2].startsWith("HTTP/1.")
        ? Optional.of(new BrowserRequest(line[0], line[1]))
        : Optional.empty();
  }

  /**
   * Returns the query parameters, if this is a request for a path.
   *
   * @param path the path
   * @return empty if it is for another path, or its parameters are ambiguous
   */
  Optional<Map<String, String>> parameters(String path) {
    int query = target.indexOf('?');
    if (!method.equals("GET") || query < 0 || !target.substring(0, query).equals(path)) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (String pair : target.substring(query + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        return Optional.empty();
      }
      try {
        String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
        String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
        if (parameters.put(name, value) != null) {
          return Optional.empty();
        }
      } catch (IllegalArgumentException e) {
        // Not encoded in the way that browsers do it.
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }
}
