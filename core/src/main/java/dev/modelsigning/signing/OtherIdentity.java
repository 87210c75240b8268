package dev.modelsigning.signing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A signer with a method of a third party.
 *
 * @param method the method; lower-case letters, digits and hyphens, and none of ours
 * @param name the name of the signer in one line
 * @param details more about the signer, in the order of display; the names are in camel case, such
 *     as {@code hardwareModel}, and must differ, ignoring case, from the labels of report lines, so
 *     that no detail can be mistaken for one of our own statements. In JSON they are a separate
 *     object
 */
public record OtherIdentity(String method, String name, Map<String, String> details)
    implements SignerIdentity {

  private static final Set<String> METHODS = Set.of("key", "certificate", "sigstore");

  private static final Pattern METHOD = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern DETAIL = Pattern.compile("[a-z][A-Za-z0-9]{0,63}");

  /**
   * The labels of lines in text reports, in which details appear between our own lines: those about
   * a {@link SignerIdentity}, and all others. A test compares them.
   */
  private static final Set<String> RESERVED =
      lowerCase(
          Set.of(
              "model",
              "signer",
              "signature",
              "signedBy",
              "time",
              "times",
              "timeStamp",
              "lastWritten",
              "files",
              "digest",
              "notCovered",
              "method",
              "name",
              "algorithm",
              "subject",
              "names",
              "issuer",
              "serial",
              "fingerprint",
              "notBefore",
              "notAfter",
              "revocation",
              "logIndex",
              "logAddress"));

  /**
   * Copies the details and keeps their order.
   *
   * @throws IllegalArgumentException if the method or the name of a detail is not allowed
   */
  public OtherIdentity {
    if (!METHOD.matcher(method).matches() || METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "the name of a method: expected lower-case letters, digits and hyphens, and none of "
              + new TreeSet<>(METHODS)
              + ", found "
              + method);
    }
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    for (String detail : details.keySet()) {
      if (!DETAIL.matcher(detail).matches() || RESERVED.contains(detail.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "the name of a detail: expected camel case, and none of "
                + new TreeSet<>(RESERVED)
                + ", found "
                + detail);
      }
    }
  }

  private static Set<String> lowerCase(Set<String> names) {
    Set<String> lower = new TreeSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return Set.copyOf(lower);
  }
}
