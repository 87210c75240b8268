package dev.modelsigning.testing;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes bundles that no honest signer makes, and signs them validly: what a verifier refuses in
 * them it refuses for what they say, and not for a wrong signature.
 */
public final class Forge {

  private final TestKeys keys;

  /** A forge with a key of its own. */
  public Forge() {
    this(TestKeys.generate());
  }

  /** A forge with this key. */
  public Forge(TestKeys keys) {
    this.keys = keys;
  }

  /** A verifier that trusts this forge's key. */
  public KeyVerifier verifier() {
    try {
      return KeyVerifier.using(keys.publicKey());
    } catch (UnusableTrustException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The keys of this forge. */
  public TestKeys keys() {
    return keys;
  }

  /** A bundle over any bytes. */
  public Bundle bundle(byte[] payload) {
    Bytes bytes = Bytes.of(payload);
    return Bundle.of(
        TestKeys.identifier(keys.publicKey()),
        new Envelope(Payload.inToto(bytes), sign(Payload.inToto(bytes).pae())));
  }

  /** A bundle over any text. */
  public Bundle bundle(String payload) {
    return bundle(payload.getBytes(StandardCharsets.UTF_8));
  }

  /** A signature over any bytes, without an envelope. */
  public Bytes sign(Bytes message) {
    return RepeatableSignatures.sign(keys.algorithm(), keys.privateKey(), message);
  }

  /** The JSON of a good bundle over this payload, to be changed by the test. */
  public String bundleJson(String payload) {
    return new String(bundle(payload).toJson().toArray(), StandardCharsets.UTF_8);
  }

  /** Reads the JSON of a bundle. */
  public static Bundle parse(String json) throws MalformedBundleException {
    return Bundle.parse(Bytes.of(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** Base64 of a text. */
  public static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 of a text in hexadecimal. */
  public static String sha256(String text) {
    return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** SHA-256 of bytes in hexadecimal. */
  public static String sha256Hex(byte[] bytes) {
    return HexFormat.of().formatHex(sha256(bytes));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A statement whose parts a test can replace by any JSON text; the rest is right. */
  public static final class StatementText {
    private String type = "\"https://in-toto.io/Statement/v1\"";
    private String predicateType = "\"https://model_signing/signature/v1.0\"";
    private String subjectName = "\"model\"";
    private String subjectTail = "";
    private String root = "";
    private final List<String> resources = new ArrayList<>();
    private final List<String> digests = new ArrayList<>();
    private String serialization =
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false}";
    private String predicateTail = "";
    private String tail = "";

    /** Lists a file with its content. */
    public StatementText file(String name, String content) {
      return resource(name, "sha256", sha256(content));
    }

    /** Lists a resource. */
    public StatementText resource(String name, String algorithm, String digest) {
      digests.add(digest);
      return rawResource(
          "{\"name\":"
              + quote(name)
              + ",\"algorithm\":\""
              + algorithm
              + "\",\"digest\":\""
              + digest
              + "\"}");
    }

    /** Lists a resource given as JSON text; its digest does not count for the root. */
    public StatementText rawResource(String json) {
      resources.add(json);
      return this;
    }

    /** Counts a digest for the root. */
    public StatementText countDigest(String digest) {
      digests.add(digest);
      return this;
    }

    /** Replaces {@code _type}. */
    public StatementText type(String json) {
      type = json;
      return this;
    }

    /** Replaces {@code predicateType}. */
    public StatementText predicateType(String json) {
      predicateType = json;
      return this;
    }

    /** Replaces the name of the subject. */
    public StatementText subjectName(String json) {
      subjectName = json;
      return this;
    }

    /** Adds text behind the subject, such as another subject. */
    public StatementText afterSubject(String json) {
      subjectTail = json;
      return this;
    }

    /** Replaces the root digest. */
    public StatementText root(String hex) {
      root = hex;
      return this;
    }

    /** Replaces the serialization. */
    public StatementText serialization(String json) {
      serialization = json;
      return this;
    }

    /** Adds members to the predicate. */
    public StatementText inPredicate(String json) {
      predicateTail = json;
      return this;
    }

    /** Adds members to the statement. */
    public StatementText inStatement(String json) {
      tail = json;
      return this;
    }

    private String rootDigest() {
      if (!root.isEmpty()) {
        return root;
      }
      byte[] all = HexFormat.of().parseHex(String.join("", digests));
      return HexFormat.of().formatHex(sha256(all));
    }

    @Override
    public String toString() {
      return "{\"_type\":"
          + type
          + ",\"subject\":[{\"name\":"
          + subjectName
          + ",\"digest\":{\"sha256\":\""
          + rootDigest()
          + "\"}}"
          + subjectTail
          + "]"
          + ",\"predicateType\":"
          + predicateType
          + ",\"predicate\":{\"resources\":["
          + String.join(",", resources)
          + "]"
          + ",\"serialization\":"
          + serialization
          + predicateTail
          + "}"
          + tail
          + "}";
    }

    private static String quote(String text) {
      StringBuilder json = new StringBuilder("\"");
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c < 0x20 || c == '"' || c == '\\') {
          json.append(String.format("\\u%04x", (int) c));
        } else {
          json.append(c);
        }
      }
      return json.append('"').toString();
    }
  }
}
