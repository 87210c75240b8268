package dev.modelsigning.hostile;

import static dev.modelsigning.hostile.HostileStatements.colliding;
import static dev.modelsigning.hostile.HostileStatements.deep;
import static dev.modelsigning.hostile.HostileStatements.fields;
import static dev.modelsigning.hostile.HostileStatements.repeat;
import static dev.modelsigning.hostile.HostileStatements.text;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.LongFunction;

/** Bundles of any size that anybody can write: each makes another part of the JSON large. */
public final class HostileBundles {

  private static final String MEDIA_TYPE =
      "\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\"";
  private static final String PAYLOAD_TYPE = "\"payloadType\":\"application/vnd.in-toto+json\"";
  private static final String KEY = "\"publicKey\":{\"hint\":\"\"}";
  private static final String SIGNATURE = "{\"sig\":\"MAYCAQECAQE=\",\"keyid\":\"\"}";
  private static final String PAYLOAD = base64("{}");

  private HostileBundles() {}

  /** All kinds. */
  public static List<HostileInput> all() {
    return List.of(
        kind("the payload", size -> envelope("\"payload\":\"" + text("AAAA", size) + "\"")),
        kind(
            "white space in the payload",
            size -> envelope("\"payload\":\"" + text("AAA ", size) + "\"")),
        kind(
            "escapes in the payload",
            size -> envelope("\"payload\":\"" + text("\\u0041\\u0041\\u0041\\u0041", size) + "\"")),
        kind("signatures", size -> signatures(repeat(size, i -> SIGNATURE))),
        kind("the signature", size -> signatures("{\"sig\":\"" + text("AAAA", size) + "\"}")),
        kind(
            "keyid",
            size -> signatures("{\"sig\":\"AAAA\",\"keyid\":\"" + text("k", size) + "\"}")),
        kind("mediaType", size -> bundle(KEY, "\"mediaType\":\"" + text("m", size) + "\"", "")),
        kind(
            "publicKey.hint",
            size -> material("\"publicKey\":{\"hint\":\"" + text("h", size) + "\"}")),
        kind(
            "publicKey.rawBytes",
            size -> material("\"publicKey\":{\"rawBytes\":\"" + text("AAAA", size) + "\"}")),
        kind(
            "fields of publicKey",
            size -> material("\"publicKey\":{" + fields(size, "x%07d"::formatted) + "}")),
        kind(
            "fields of publicKey with one hash code",
            size -> material("\"publicKey\":{" + fields(size, HostileStatements::colliding) + "}")),
        kind(
            "certificates",
            size ->
                material(
                    "\"x509CertificateChain\":{\"certificates\":["
                        + repeat(size, i -> "{\"rawBytes\":\"AAAA\"}")
                        + "]}")),
        kind(
            "one certificate that is none",
            size -> material("\"certificate\":{\"rawBytes\":\"" + text("AAAA", size) + "\"}")),
        kind(
            "log entries",
            size -> material(KEY + ",\"tlogEntries\":[" + repeat(size, i -> "{}") + "]")),
        kind(
            "one string in a log entry",
            size -> material(KEY + ",\"tlogEntries\":[{\"x\":\"" + text("x", size) + "\"}]")),
        kind(
            "one number in a log entry",
            size -> material(KEY + ",\"tlogEntries\":[{\"logIndex\":" + text("1", size) + "}]")),
        kind(
            "an array in a log entry",
            size -> material(KEY + ",\"tlogEntries\":[{\"x\":[" + repeat(size, i -> "0") + "]}]")),
        kind(
            "time stamps",
            size ->
                material(
                    KEY
                        + ",\"timestampVerificationData\":{\"rfc3161Timestamps\":["
                        + repeat(size, i -> "{\"signedTimestamp\":\"AAAA\"}")
                        + "]}")),
        kind(
            "one time stamp that is none",
            size ->
                material(
                    KEY
                        + ",\"timestampVerificationData\":{\"rfc3161Timestamps\":[{\"signedTimestamp\":\""
                        + text("AAAA", size)
                        + "\"}]}")),
        kind("fields of the bundle", size -> more(fields(size, "x%07d"::formatted))),
        kind(
            "fields of the material",
            size -> material(fields(size, "x%07d"::formatted) + "," + KEY)),
        kind(
            "fields of the material with one hash code",
            size -> material(fields(size, i -> colliding(i)) + "," + KEY)),
        kind(
            "one name of a field of the material",
            size -> material("\"" + text("x", size) + "\":0," + KEY)),
        kind(
            "a string in the material",
            size -> material("\"x\":\"" + text("x", size) + "\"," + KEY)),
        kind("depth in the material", size -> material("\"x\":" + deep(size) + "," + KEY)),
        kind("white space before the bundle", size -> text(" ", size) + more("\"x\":1")),
        kind("white space behind the bundle", size -> material(KEY) + text(" ", size)),
        kind("a word that is none", size -> more("\"x\":" + text("t", size))));
  }

  /** A bundle for each kind of statement, without a valid signature. */
  public static HostileInput unsigned(HostileInput statement) {
    return new HostileInput(
        "payload: " + statement.name(),
        size ->
            envelope(
                    "\"payload\":\""
                        + Base64.getEncoder().encodeToString(statement.ofSize(size / 4 * 3))
                        + "\"")
                .getBytes(StandardCharsets.UTF_8));
  }

  private static HostileInput kind(String name, LongFunction<String> maker) {
    return new HostileInput(name, size -> maker.apply(size).getBytes(StandardCharsets.UTF_8));
  }

  private static String envelope(String payload) {
    return bundle(KEY, MEDIA_TYPE, payload, SIGNATURE, "");
  }

  private static String signatures(String signatures) {
    return bundle(KEY, MEDIA_TYPE, "\"payload\":\"" + PAYLOAD + "\"", signatures, "");
  }

  /** A bundle with this verification material. */
  public static String material(String material) {
    return bundle(material, MEDIA_TYPE, "");
  }

  private static String more(String more) {
    return bundle(KEY, MEDIA_TYPE, "," + more);
  }

  private static String bundle(String material, String mediaType, String more) {
    return bundle(material, mediaType, "\"payload\":\"" + PAYLOAD + "\"", SIGNATURE, more);
  }

  private static String bundle(
      String material, String mediaType, String payload, String signatures, String more) {
    return "{"
        + mediaType
        + ",\"verificationMaterial\":{"
        + material
        + "},\"dsseEnvelope\":{"
        + payload
        + ","
        + PAYLOAD_TYPE
        + ",\"signatures\":["
        + signatures
        + "]}"
        + more
        + "}";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
