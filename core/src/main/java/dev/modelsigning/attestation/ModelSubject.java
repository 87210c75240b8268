package dev.modelsigning.attestation;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.statement.AttestedStatement;
import dev.modelsigning.statement.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model as the subject of an attestation. The root digest of OMS does not bind the names of files
 * (OMS 6.5.1): renaming files without changing their order leaves it as it is. So there is a second
 * digest, which does.
 *
 * @param name the name of the model; informative only
 * @param rootDigest the root digest (OMS 6.5.1), SHA-256 in lower-case hexadecimal
 * @param namesDigest SHA-256 in lower-case hexadecimal over one line for each resource, in code
 *     point order of the names: its digest in lower-case hexadecimal, two spaces, its name as a
 *     JSON string, line feed
 */
public record ModelSubject(String name, String rootDigest, String namesDigest) {

  /** The annotation of the subject (in-toto ResourceDescriptor) that holds the second digest. */
  public static final String NAMES_ANNOTATION = Subject.NAMES_ANNOTATION;

  /**
   * Returns the subject of attestations about a model.
   *
   * @throws IOException if the model's name is not known: its signature has none, and its place
   *     cannot be resolved
   */
  public static ModelSubject of(VerifiedModel model) throws IOException {
    Optional<String> signed = model.statement().modelName();
    return of(signed.isPresent() ? signed.get() : model.model().name(), model.manifest());
  }

  /**
   * Returns the subject of attestations about a model.
   *
   * @param name the name of the model
   * @param manifest its files
   */
  public static ModelSubject of(String name, Manifest manifest) {
    return new ModelSubject(name, manifest.rootDigest().hex(), namesDigest(manifest));
  }

  private static String namesDigest(Manifest manifest) {
    List<ResourceDescriptor> resources = manifest.resources();
    if (!manifest.isInCanonicalOrder()) {
      resources =
          resources.stream().sorted(CanonicalPath.byName(ResourceDescriptor::name)).toList();
    }
    MessageDigest function = sha256();
    for (ResourceDescriptor resource : resources) {
      function.update(resource.digest().hex().getBytes(StandardCharsets.US_ASCII));
      function.update((byte) ' ');
      function.update((byte) ' ');
      function.update(JsonWriter.quoted(resource.name()));
      function.update((byte) '\n');
    }
    return HexFormat.of().formatHex(function.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The subject in a statement. */
  public Subject toSubject() {
    return new Subject(name, Map.of("sha256", rootDigest), Map.of(NAMES_ANNOTATION, namesDigest));
  }

  /**
   * Refuses a statement that is not about this model alone.
   *
   * @return whether the statement binds the names of the files, too
   * @throws RefusedClaimException if it is about something else, or several things
   */
  public boolean require(AttestedStatement statement) throws RefusedClaimException {
    List<Subject> subjects = statement.subjects();
    if (subjects.size() != 1) {
      throw new RefusedClaimException(
          AttestationRules.CLAIM_SUBJECTS,
          "expected one subject, the model, found " + subjects.size());
    }
    Subject subject = subjects.get(0);
    String digest = subject.digests().get("sha256");
    if (!rootDigest.equals(digest)) {
      throw new RefusedClaimException(
          AttestationRules.CLAIM_OTHER_MODEL,
          "it is about another model: expected the root digest sha256:"
              + rootDigest
              + ", found "
              + (digest == null ? "none by SHA-256" : "sha256:" + Printable.brief(digest)));
    }
    String names = subject.annotations().get(NAMES_ANNOTATION);
    if (names != null && !names.equals(namesDigest)) {
      throw new RefusedClaimException(
          AttestationRules.CLAIM_OTHER_NAMES,
          "it is about a model with the same root digest and other file names: expected the digest of"
              + " names sha256:"
              + namesDigest
              + ", found sha256:"
              + Printable.brief(names));
    }
    return names != null;
  }
}
