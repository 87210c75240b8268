package dev.modelsigning.internal.http;

import java.net.http.HttpClient;
import java.time.Duration;

/**
 * How all connections of this program are made: the one place for proxies and trust anchors. Both
 * are the platform's. No cookies are kept, and the JDK follows no redirects.
 */
final class Connections {

  private Connections() {}

  /**
   * A client of the JDK.
   *
   * @param timeout how long it may take until a connection is there
   */
  static HttpClient client(Duration timeout) {
    return HttpClient.newBuilder()
        .connectTimeout(timeout)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }
}
