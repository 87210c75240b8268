package dev.modelsigning.internal.http;

import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP proxy.
 *
 * @param address its address, unresolved
 * @param source where it is configured: a variable, or the settings of Java
 * @param credentials the user and the password for it, with a colon between them
 */
record ProxyServer(InetSocketAddress address, String source, Optional<String> credentials) {

  private static final int DEFAULT_PORT = 80;

  private static final Pattern URL =
      Pattern.compile("(?:([a-zA-Z][a-zA-Z0-9+.-]*)://)?+(?:(.*)@)?([^@/?#]*)(?:[/?#][^@]*)?");

  private static final Pattern PLACE =
      Pattern.compile("([\\p{L}\\p{N}._-]+|\\[[0-9a-fA-F:.%]+])(?::([0-9]{0,5}))?");

  private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");

  /**
   * Parses the value of a variable.
   *
   * @param variable its name
   * @param value {@code http://USER:PASSWORD@HOST:PORT}, of which only the host is required
   * @throws IOException if it does not name a usable proxy; the message does not show the value,
   *     since it may contain a password
   */
  static ProxyServer of(String variable, String value) throws IOException {
    Matcher url = URL.matcher(value.strip());
    if (!url.matches()) {
      throw unusable(variable, "something else");
    }
    String scheme = url.group(1) == null ? "http" : url.group(1).toLowerCase(Locale.ROOT);
    if (scheme.equals("https")) {
      throw unusable(
          variable,
          "one that is itself asked by https; Java cannot do that, but most such proxies have a"
              + " port for http as well");
    }
    if (!scheme.equals("http")) {
      throw unusable(variable, "one of another kind, " + Printable.quote(scheme));
    }
    Matcher place = PLACE.matcher(url.group(3));
    if (!place.matches()) {
      throw unusable(variable, "one without a host, or with a damaged one");
    }
    String port = place.group(2);
    int number = port == null || port.isEmpty() ? DEFAULT_PORT : Integer.parseInt(port);
    if (number < 1 || number > 0xffff) {
      throw unusable(variable, "the port " + number);
    }
    return new ProxyServer(
        InetSocketAddress.createUnresolved(place.group(1), number),
        variable,
        Optional.ofNullable(url.group(2)).map(ProxyServer::unescape));
  }

  private static IOException unusable(String variable, String found) {
    return new IOException(
        "the variable "
            + variable
            + " names no proxy that can be asked: expected http://HOST:PORT, found "
            + found
            + " (addresses that need no proxy are named by NO_PROXY)");
  }

  /** Percent-encoding is decoded where it is valid; other characters stand for themselves. */
  private static String unescape(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String each = new String(bytes, StandardCharsets.ISO_8859_1);
    String plain =
        ESCAPE
            .matcher(each)
            .replaceAll(found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    return new String(plain.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** The value of {@code Proxy-Authorization} (RFC 7617). */
  Optional<String> authorization() {
    return credentials.map(text -> "Basic " + base64(text.contains(":") ? text : text + ":"));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The values to redact: the password, or, if there is none, the user. */
  List<String> secrets() {
    return credentials.stream()
        .map(text -> text.endsWith(":") ? text.substring(0, text.length() - 1) : text)
        .map(text -> text.substring(text.indexOf(':') + 1))
        .filter(secret -> !secret.isEmpty())
        .toList();
  }

  /** Its address and where it is configured, without secrets. */
  @Override
  public String toString() {
    return Printable.escape(
        "http://" + address.getHostString() + ":" + address.getPort() + " (" + source + ")");
  }
}
