package dev.modelsigning.oci.internal.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants to be authenticated to (RFC 9110 11.6.1).
 *
 * @param scheme the scheme in lower case, such as {@code bearer}
 * @param parameters its parameters, by names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {

  private static final int MAX_LENGTH = 8 * 1024;

  private static final Pattern PART =
      Pattern.compile(
          "\\G[\\s,]*(?:([A-Za-z][A-Za-z0-9_-]*)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+))"
              + "|([A-Za-z][A-Za-z0-9_-]*)(?=[\\s,]|$))");

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** Reads the challenges of all headers; ends at what is none. */
  static List<Challenge> read(List<String> headers) {
    List<Challenge> challenges = new ArrayList<>();
    for (String header : headers) {
      if (header.length() > MAX_LENGTH) {
        continue;
      }
      String scheme = "";
      Map<String, String> parameters = new LinkedHashMap<>();
      Matcher part = PART.matcher(header);
      while (part.find()) {
        if (part.group(4) != null) {
          add(challenges, scheme, parameters);
          scheme = part.group(4).toLowerCase(Locale.ROOT);
          parameters = new LinkedHashMap<>();
        } else {
          String quoted = part.group(2);
          parameters.putIfAbsent(
              part.group(1).toLowerCase(Locale.ROOT),
              quoted == null ? part.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
        }
      }
      add(challenges, scheme, parameters);
    }
    return challenges;
  }

  private static void add(
      List<Challenge> challenges, String scheme, Map<String, String> parameters) {
    if (!scheme.isEmpty()) {
      challenges.add(new Challenge(scheme, parameters));
    }
  }

  boolean isBearer() {
    return scheme.equals("bearer");
  }

  boolean isBasic() {
    return scheme.equals("basic");
  }

  /** A parameter, or an empty text. */
  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
