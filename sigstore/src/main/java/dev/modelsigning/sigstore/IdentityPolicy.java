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
 * The required signer: an identity, and the OpenID Connect issuer that authenticated it. Both are
 * compared exactly with the fields of the signer's certificate.
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
   * Returns a policy that requires one identity.
   *
   * @param identity the subject alternative name of the certificate: an e-mail address, the URI of
   *     a workflow, a user name
   * @param issuer the OpenID Connect issuer that authenticated it, such as {@code
   *     https://accounts.google.com}
   * @throws IllegalArgumentException if either is empty
   */
  public static IdentityPolicy exactly(String identity, String issuer) {
    return new IdentityPolicy(Pattern.compile(identity, Pattern.LITERAL), identity, issuer);
  }

  /**
   * Returns a policy that accepts all identities that match a pattern.
   *
   * @param identity a pattern that must match the whole identity
   * @param issuer the OpenID Connect issuer that authenticated it, compared exactly
   * @throws IllegalArgumentException if either is empty
   */
  public static IdentityPolicy matching(Pattern identity, String issuer) {
    return new IdentityPolicy(identity, identity.pattern(), issuer);
  }

  /** The requirements, by the names that a verdict has for them. */
  public Map<String, List<String>> expected() {
    boolean one = (identity.flags() & Pattern.LITERAL) != 0;
    Map<String, List<String>> values = new LinkedHashMap<>();
    values.put(one ? "identity" : "identityPattern", List.of(expected));
    values.put("identityProvider", List.of(issuer));
    return values;
  }

  /** Refuses any other signer. */
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
