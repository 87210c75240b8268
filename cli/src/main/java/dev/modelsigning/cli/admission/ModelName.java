package dev.modelsigning.cli.admission;

import dev.modelsigning.oci.reference.OciReference;
import java.util.regex.Pattern;

/**
 * Reads the name of a model in a pod: a reference as those of container images, which must have a
 * host and a digest, with or without {@code oci://}.
 */
final class ModelName {

  /** What Kubernetes takes for a host; anything else is a repository of Docker Hub. */
  private static final Pattern HOST = Pattern.compile("(?:[^/]*[.:][^/]*|localhost)/.*");

  private static final Pattern OTHER_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

  /** What a message says for a command line. */
  private static final Pattern MORE = Pattern.compile("(?s); (?:expected|log in) .*");

  private static final String FORM = "HOST/REPOSITORY@sha256:DIGEST";

  private ModelName() {}

  /**
   * Reads a name.
   *
   * @return the reference by its digest alone
   * @throws IllegalArgumentException if it is malformed, has no host, or no digest; the message is
   *     for the author of the pod, and shows no password
   */
  static OciReference parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("it names nothing; write " + FORM);
    }
    if (text.length() > PodReader.MAX_NAME) {
      throw new IllegalArgumentException(
          "a name has at most " + PodReader.MAX_NAME + " characters; write " + FORM);
    }
    boolean hasScheme = OciReference.isOci(text);
    if (!hasScheme && text.indexOf('@') == text.lastIndexOf('@') && !HOST.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "it names no registry; write " + FORM + ", as in docker.io/library/NAME@sha256:DIGEST");
    }
    if (!hasScheme && OTHER_SCHEME.matcher(text).lookingAt()) {
      throw new IllegalArgumentException("it is no model in a registry; write " + FORM);
    }
    // As for images, no tag is the tag latest.
    boolean isBare = text.indexOf('@') < 0 && text.lastIndexOf(':') <= text.lastIndexOf('/');
    OciReference reference =
        parsed((hasScheme ? text : "oci://" + text) + (isBare ? ":latest" : ""));
    if (reference.digest().isEmpty()) {
      throw new IllegalArgumentException(
          (isBare
                  ? "it has no digest, so the tag latest is meant"
                  : "it is named by the tag " + reference.tag().orElse(""))
              + ", which may lead elsewhere after it was verified; name it by its digest, "
              + reference.registry()
              + "/"
              + reference.repository()
              + "@sha256:DIGEST, which 'model-signing oci list' shows");
    }
    return reference.at(reference.digest().get());
  }

  /** What references look like on a command line, and what was found in one, is not for a pod. */
  private static OciReference parsed(String reference) {
    try {
      return OciReference.parse(reference);
    } catch (IllegalArgumentException e) {
      String reason = MORE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
      throw new IllegalArgumentException(reason + "; write " + FORM, e);
    }
  }
}
