package dev.modelsigning.bundle;

import java.nio.charset.StandardCharsets;

/**
 * The payload of an envelope, which the signature covers: bytes and their type (DSSE v1.0, {@code
 * SERIALIZED_BODY} and {@code PAYLOAD_TYPE}).
 *
 * @param type the payload type, not empty
 * @param content the bytes that are signed, not empty
 */
public record Payload(String type, Bytes content) {

  /** The payload type of in-toto statements, the only one that is accepted in bundles. */
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  /** Checks that neither part is empty. */
  public Payload {
    if (type.isEmpty() || content.length() == 0) {
      throw new IllegalArgumentException("type and content of a payload must not be empty");
    }
  }

  /** Returns a payload that is an in-toto statement in JSON. */
  public static Payload inToto(Bytes statement) {
    return new Payload(IN_TOTO, statement);
  }

  /**
   * The Pre-Authentication Encoding: the bytes that are signed (DSSE protocol, {@code PAE}).
   * Lengths are decimal numbers of bytes. The content is not copied.
   */
  public Bytes pae() {
    byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
    byte[] prefix =
        ("DSSEv1 " + typeBytes.length + " " + type + " " + content.length() + " ")
            .getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(prefix).followedBy(content);
  }
}
