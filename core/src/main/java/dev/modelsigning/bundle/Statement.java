package dev.modelsigning.bundle;

import dev.modelsigning.json.JsonReader;
import dev.modelsigning.json.JsonWriter;
import dev.modelsigning.json.MalformedJsonException;
import dev.modelsigning.manifest.Digest;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.Manifest;

/**
 * An in-toto Statement v1 about a model (OMS 5, 6.6): its name, its root digest and its manifest.
 *
 * @param subjectName the name of the model, not empty; information only (OMS 6.5). The old form
 *     {@link PredicateType#DIGESTS_V0_1} has none: there it is empty
 * @param manifest the files of the model
 * @param predicateType the form of the statement
 */
public record Statement(String subjectName, Manifest manifest, PredicateType predicateType) {

  /** The value of {@code _type}. */
  public static final String TYPE = "https://in-toto.io/Statement/v1";

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it is empty and may not be
   */
  public Statement {
    if (subjectName.isEmpty() && predicateType != PredicateType.DIGESTS_V0_1) {
      throw new IllegalArgumentException("the subject has a name that is not empty (OMS 6.5)");
    }
  }

  /** A statement in the form of today. */
  public Statement(String subjectName, Manifest manifest) {
    this(subjectName, manifest, PredicateType.SIGNATURE_V1_0);
  }

  static Statement legacy(Manifest manifest) {
    return new Statement("", manifest, PredicateType.DIGESTS_V0_1);
  }

  /** The statement about a model that was hashed. */
  public static Statement about(HashedModel model) {
    return new Statement(model.name(), model.manifest());
  }

  /** The digest of the subject: the root digest of the manifest (OMS 6.5.1). */
  public Digest rootDigest() {
    return manifest.rootDigest();
  }

  /**
   * The statement as JSON. Equal statements give equal bytes.
   *
   * @throws IllegalStateException if the statement is in an old form, which must not be written
   */
  public Bytes toJson() {
    if (predicateType != PredicateType.SIGNATURE_V1_0) {
      throw new IllegalStateException("statements of the old form are only read: " + predicateType);
    }
    return Bytes.wrap(JsonWriter.document(json -> StatementJson.write(this, json)));
  }

  /**
   * Reads a statement.
   *
   * @param payload the payload of an envelope
   * @throws MalformedBundleException if it is not a statement about a model, or its root digest is
   *     not that of its resources
   */
  static Statement parse(Bytes payload) throws MalformedBundleException {
    return StatementJson.read(payload);
  }

  static final String DOCUMENT = "payload";

  /** Reads a JSON document of a bundle, turning its errors into those of a bundle. */
  static <T> T readJson(
      String document, Bytes bytes, long maxTokens, JsonReader.Production<T> production)
      throws MalformedBundleException {
    try {
      return JsonReader.read(document, bytes.shared(), maxTokens, production);
    } catch (MalformedJsonException e) {
      throw new MalformedBundleException(e);
    }
  }
}
