package dev.modelsigning.internal.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that are contacted without a proxy, as the variable {@code NO_PROXY} lists them,
 * separated by commas or spaces. An element is
 *
 * <ul>
 *   <li>{@code *}: every host;
 *   <li>{@code example.com}, {@code .example.com} or {@code *.example.com}: that host and all its
 *       subdomains, in upper or lower case;
 *   <li>an IP address, in brackets or not, or a block of them ({@code 10.0.0.0/8}): a host that is
 *       given by such an address, and no other, since names are not resolved for this;
 *   <li>each of these (except a block) with {@code :8443}: on that port only.
 * </ul>
 *
 * <p>This is the behaviour of curl; any other pattern matches nothing.
 */
final class NoProxy {

  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
  private static final int ANY_PORT = -1;

  private final List<Element> elements = new ArrayList<>();

  /** One element of the list. */
  @FunctionalInterface
  private interface Element {
    boolean covers(String host, byte @Nullable [] address, int port);
  }

  private NoProxy() {}

  /** Parses a list. */
  static NoProxy of(String list) {
    NoProxy result = new NoProxy();
    for (String element : list.split("[,\\s]+", -1)) {
      if (!element.isEmpty()) {
        result.elements.add(element(element.toLowerCase(Locale.ROOT)));
      }
    }
    return result;
  }

  /**
   * Whether a host is contacted without a proxy.
   *
   * @param host its name or address, an IPv6 address in brackets
   * @param port the port
   */
  boolean covers(String host, int port) {
    String name = withoutDotAtEnd(host.toLowerCase(Locale.ROOT));
    byte[] address = address(name);
    return elements.stream().anyMatch(element -> element.covers(name, address, port));
  }

  /** Whether a host name denotes the local machine. */
  static boolean isLoopback(String host) {
    String name = withoutDotAtEnd(host.toLowerCase(Locale.ROOT));
    byte[] address = address(name);
    if (address == null) {
      return name.equals("localhost") || name.endsWith(".localhost");
    }
    try {
      return InetAddress.getByAddress(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has a wrong length", e);
    }
  }

  private static Element element(String text) {
    int slash = text.indexOf('/');
    if (slash >= 0) {
      byte[] block = address(text.substring(0, slash));
      String length = text.substring(slash + 1);
      if (block == null || !length.matches("[0-9]{1,3}")) {
        return (host, address, port) -> false;
      }
      int bits = Integer.parseInt(length);
      return (host, address, port) -> address != null && isIn(block, bits, address);
    }
    byte[] whole = address(text);
    String name = text;
    int onlyPort = ANY_PORT;
    int colon = text.lastIndexOf(':');
    if (whole == null && colon >= 0 && text.substring(colon + 1).matches("[0-9]{1,5}")) {
      name = text.substring(0, colon);
      onlyPort = Integer.parseInt(text.substring(colon + 1));
      whole = address(name);
    }
    int wanted = onlyPort;
    byte[] exact = whole;
    if (exact != null) {
      return (host, address, port) -> fits(wanted, port) && Arrays.equals(exact, address);
    }
    if (name.equals("*")) {
      return (host, address, port) -> fits(wanted, port);
    }
    String domain = withoutDotAtEnd(name.replaceFirst("^\\*?\\.", ""));
    return (host, address, port) ->
        fits(wanted, port)
            && address == null
            && !domain.isEmpty()
            && (host.equals(domain) || host.endsWith("." + domain));
  }

  private static boolean fits(int wanted, int port) {
    return wanted == ANY_PORT || wanted == port;
  }

  private static boolean isIn(byte[] block, int bits, byte[] address) {
    if (block.length != address.length || bits > 8 * block.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> i % 8;
      if ((block[i / 8] & mask) != (address[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static String withoutDotAtEnd(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** Parses a literal IP address, without resolving names; null if it is none. */
  private static byte @Nullable [] address(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String plain = bracketed ? text.substring(1, text.length() - 1) : text;
    boolean ipv4 = !bracketed && isIpv4(plain);
    if (!ipv4 && plain.indexOf(':') < 0) {
      return null;
    }
    try {
      // A text in brackets is never resolved as a name.
      return InetAddress.getByName(ipv4 ? plain : "[" + plain + "]").getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static boolean isIpv4(String text) {
    return IPV4.matcher(text).matches()
        && Arrays.stream(text.split("\\.", -1)).allMatch(part -> Integer.parseInt(part) <= 255);
  }
}
