package dev.modelsigning.sigstore;

import dev.modelsigning.hostile.HostileInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Documents of services of any size: trust configurations, TUF metadata, tokens and answers. */
final class HostileDocuments {

  private final String config;

  HostileDocuments(TestSigstore sigstore) {
    config =
        "{\"mediaType\":\"application/vnd.dev.sigstore.clienttrustconfig.v0.1+json\","
            + "\"trustedRoot\":"
            + sigstore.trustedRootJson()
            + ",\"signingConfig\":{\"mediaType\":"
            + "\"application/vnd.dev.sigstore.signingconfig.v0.2+json\",\"caUrls\":[{\"url\":"
            + "\"https://ca.test\",\"majorApiVersion\":1,\"validFor\":{\"start\":"
            + "\"2020-01-01T00:00:00Z\"},\"operator\":\"test\"}],\"rekorTlogConfig\":"
            + "{\"selector\":\"ANY\",\"count\":1}}}";
  }

  /** Kinds of trust configurations. */
  List<HostileInput> trustConfigurations() {
    return List.of(
        config("digits of a number", "(\"majorApiVersion\":)1", n -> "\"" + "1".repeat(n) + "\""),
        config("zeros of a number", "(\"majorApiVersion\":)1", n -> "\"1." + "0".repeat(n) + "\""),
        config("an exponent", "(\"majorApiVersion\":)1", n -> "1e" + "9".repeat(Math.min(n, 9))),
        config("an exponent in a string", "(\"count\":)1", n -> "\"1e" + "9".repeat(9) + "\""),
        config(
            "digits of an enumeration", "(\"selector\":)\"ANY\"", n -> "\"" + "1".repeat(n) + "\""),
        config(
            "digits of a time",
            "(\"start\":)\"[^\"]+\"",
            n -> "\"" + "2".repeat(n) + "-01-01T00:00:00Z\""),
        config(
            "digits of a fraction",
            "(\"start\":)\"[^\"]+\"",
            n -> "\"2020-01-01T00:00:00." + "1".repeat(n) + "Z\""),
        config(
            "an address", "(\"url\":)\"[^\"]+\"", n -> "\"https://ca.test/" + "x".repeat(n) + "\""),
        config("a key", "(\"rawBytes\":)\"[^\"]+\"", n -> "\"" + "A".repeat(n / 4 * 4) + "\""),
        config("logs", "(\"tlogs\":\\[)", n -> log().repeat(n / log().length())),
        config("fields", "(\"signingConfig\":\\{)", n -> fields(n)),
        config("depth", "(\"signingConfig\":\\{)", n -> "\"x\":" + deep(n) + ","));
  }

  /** Kinds of claims of identity tokens, and of other JSON of services. */
  static List<HostileInput> objects() {
    return List.of(
        new HostileInput("fields", size -> bytes("{" + fields((int) size) + "\"exp\":1}")),
        new HostileInput("depth", size -> bytes("{\"x\":" + deep((int) size) + "}")),
        new HostileInput("a string", size -> bytes("{\"x\":\"" + "x".repeat((int) size) + "\"}")),
        new HostileInput("a number", size -> bytes("{\"exp\":" + "1".repeat((int) size) + "}")),
        new HostileInput("an exponent", size -> bytes("{\"exp\":1e999999999}")),
        new HostileInput(
            "an array", size -> bytes("{\"x\":[" + "0,".repeat((int) size / 2) + "0]}")));
  }

  /** Kinds of TUF metadata before its signatures were verified. */
  static List<HostileInput> metadata() {
    String id = "0".repeat(64);
    String signature = "{\"keyid\":\"" + id + "\",\"sig\":\"" + "0".repeat(128) + "\"}";
    return List.of(
        new HostileInput(
            "signatures",
            size ->
                metadata(
                    signature + ("," + signature).repeat((int) size / signature.length()), "")),
        new HostileInput("fields", size -> metadata(signature, fields((int) size))),
        new HostileInput("depth", size -> metadata(signature, "\"x\":" + deep((int) size) + ",")),
        new HostileInput(
            "digits", size -> metadata(signature, "\"x\":" + "1".repeat((int) size) + ",")),
        new HostileInput("an exponent", size -> metadata(signature, "\"x\":1e999999999,")),
        new HostileInput(
            "a string", size -> metadata(signature, "\"x\":\"" + "x".repeat((int) size) + "\",")),
        new HostileInput(
            "an array",
            size -> metadata(signature, "\"x\":[" + "0,".repeat((int) size / 2) + "0],")));
  }

  private static byte[] metadata(String signatures, String fields) {
    return bytes(
        "{\"signatures\":["
            + signatures
            + "],\"signed\":{\"_type\":\"timestamp\","
            + fields
            + "\"expires\":\"2100-01-01T00:00:00Z\",\"spec_version\":\"1.0.31\","
            + "\"meta\":{\"snapshot.json\":{\"version\":1}},\"version\":1}}");
  }

  private HostileInput config(String name, String pattern, IntFunction<String> made) {
    return new HostileInput(
        name,
        size -> {
          Matcher matcher = Pattern.compile(pattern).matcher(config);
          if (!matcher.find()) {
            throw new IllegalStateException(name);
          }
          return bytes(
              config.substring(0, matcher.end(1))
                  + made.apply((int) size)
                  + config.substring(matcher.end()));
        });
  }

  private String log() {
    int start = config.indexOf("\"tlogs\":[") + 9;
    return config.substring(start, config.indexOf("},{\"baseUrl\"", start)) + "},";
  }

  private static String fields(int size) {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; fields.length() < size; i++) {
      fields.append("\"x").append(i).append("\":0,");
    }
    return fields.toString();
  }

  private static String deep(int size) {
    return "[".repeat(size / 2) + "]".repeat(size / 2);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
