package dev.modelsigning.sigstore;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The required signer: an identity, and the OpenID Connect issuer that authenticated it. Both are
 * compared exactly with the fields of the signer's certificate.
 */
public final class IdentityPolicy {

  /** The provider of the public instance that has people choose another one. */
  private static final String SIGN_IN = "https://oauth2.sigstore.dev/auth";

  /** Issuers as certificates of the public instance name them, by a word that users remember. */
  private static final Map<String, List<String>> KNOWN =
      Map.of(
          "github",
          List.of("https://github.com/login/oauth", "https://token.actions.githubusercontent.com"),
          "google",
          List.of("https://accounts.google.com"),
          "microsoft",
          List.of("https://login.microsoftonline.com"),
          "gitlab",
          List.of("https://gitlab.com"));

  private final Predicate<String> identity;
  private final boolean exact;
  private final String expected;
  private final String issuer;

  private IdentityPolicy(
      Predicate<String> identity, boolean exact, String expected, String issuer) {
    if (expected.isEmpty() || issuer.isEmpty()) {
      throw new IllegalArgumentException("identity and issuer must not be empty");
    }
    this.identity = identity;
    this.exact = exact;
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
    return new IdentityPolicy(identity::equals, true, identity, issuer);
  }

  /**
   * Returns a policy that accepts all identities that match a pattern.
   *
   * @param identity a pattern that must match the whole identity
   * @param issuer the OpenID Connect issuer that authenticated it, compared exactly
   * @throws IllegalArgumentException if either is empty
   */
  public static IdentityPolicy matching(Pattern identity, String issuer) {
    boolean literal = (identity.flags() & Pattern.LITERAL) != 0;
    return new IdentityPolicy(
        found -> identity.matcher(found).matches(), literal, identity.pattern(), issuer);
  }

  /**
   * Returns a policy that accepts all identities that meet a condition, such as an expression of
   * another library.
   *
   * @param identity the condition
   * @param expected what it demands, for messages
   * @param issuer the OpenID Connect issuer that authenticated it, compared exactly
   * @throws IllegalArgumentException if either text is empty
   */
  public static IdentityPolicy matching(
      Predicate<String> identity, String expected, String issuer) {
    return new IdentityPolicy(identity, false, expected, issuer);
  }

  /** The requirements, by the names that a verdict has for them. */
  public Map<String, List<String>> expected() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    values.put(exact ? "identity" : "identityPattern", List.of(expected));
    values.put("identityProvider", List.of(issuer));
    return values;
  }

  /** Refuses any other signer. */
  void require(SigningCertificate certificate) throws VerificationException {
    String foundIdentity = certificate.identity();
    String foundIssuer = certificate.issuer();
    boolean sameIdentity = identity.test(foundIdentity);
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
              + " (OMS 8.2)"
              + (sameIssuer ? "" : hint(foundIssuer)));
    }
  }

  /**
   * What is often meant by the expected issuer. Only issuers that are known here are named: whoever
   * signed chose the other one.
   */
  private String hint(String found) {
    if (issuer.equals(found + "/") || found.equals(issuer + "/")) {
      return "; the providers differ only in the slash at the end, which counts";
    }
    if (issuer.equals(SIGN_IN)) {
      return "; this provider is where people sign in, and certificates name the one behind it,"
          + " such as 'https://accounts.google.com'";
    }
    for (Map.Entry<String, List<String>> known : KNOWN.entrySet()) {
      if (issuer.toLowerCase(Locale.ROOT).contains(known.getKey())
          && !known.getValue().contains(issuer)) {
        return "; providers with " + known.getKey() + " in their name: " + quoted(known.getValue());
      }
    }
    return "";
  }

  private static String quoted(List<String> names) {
    return String.join(", ", names.stream().map(Printable::quote).toList());
  }

  /** The expected identity and issuer. */
  @Override
  public String toString() {
    return Printable.quote(expected) + " by " + Printable.quote(issuer);
  }
}
