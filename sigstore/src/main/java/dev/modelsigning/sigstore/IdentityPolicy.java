package dev.modelsigning.sigstore;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Who must have signed: an identity, and the issuer that vouched for it. Both are compared to the
 * letter with what the signer's certificate says.
 */
public final class IdentityPolicy {

  private final Pattern identity;
  private final String expected;
  private final String issuer;

  private IdentityPolicy(Pattern identity, String expected, String issuer) {
    if (expected.isEmpty() || issuer.isEmpty()) {
      throw new IllegalArgumentException("identity and issuer must not be empty");
    }
    this.identity = identity;
    this.expected = expected;
    this.issuer = issuer;
  }

  /**
   * One identity.
   *
   * @param identity the subject alternative name of the certificate: an e-mail address, the URI of
   *     a workflow, a user name
   * @param issuer the OpenID Connect issuer that vouched for it, such as {@code
   *     https://accounts.google.com}
   * @throws IllegalArgumentException if either is empty
   */
  public static IdentityPolicy exactly(String identity, String issuer) {
    return new IdentityPolicy(Pattern.compile(identity, Pattern.LITERAL), identity, issuer);
  }

  /**
   * All identities of a form.
   *
   * @param identity matches the whole identity, and not only part of it
   * @param issuer the OpenID Connect issuer that vouched for it, to the letter
   * @throws IllegalArgumentException if either is empty
   */
  public static IdentityPolicy matching(Pattern identity, String issuer) {
    return new IdentityPolicy(identity, identity.pattern(), issuer);
  }

  /** Who must have signed, by the names that a verdict has for it. */
  public Map<String, List<String>> expected() {
    boolean one = (identity.flags() & Pattern.LITERAL) != 0;
    Map<String, List<String>> values = new LinkedHashMap<>();
    values.put(one ? "identity" : "identityPattern", List.of(expected));
    values.put("identityProvider", List.of(issuer));
    return values;
  }

  /** Refuses everybody else. */
  void require(SigningCertificate certificate) throws VerificationException {
    String foundIdentity = certificate.identity();
    String foundIssuer = certificate.issuer();
    boolean sameIdentity = identity.matcher(foundIdentity).matches();
    boolean sameIssuer = issuer.equals(foundIssuer);
    if (!sameIdentity || !sameIssuer) {
      String what =
          sameIssuer ? "identity" : sameIdentity ? "identity provider" : "identity and provider";
      throw new VerificationException(
          Reason.WRONG_IDENTITY,
          "somebody else signed ("
              + what
              + "): expected "
              + this
              + ", the certificate is for "
              + Printable.quote(foundIdentity)
              + " by "
              + Printable.quote(foundIssuer)
              + " (OMS 8.2)");
    }
  }

  /** The expected identity and issuer. */
  @Override
  public String toString() {
    return Printable.quote(expected) + " by " + Printable.quote(issuer);
  }
}
