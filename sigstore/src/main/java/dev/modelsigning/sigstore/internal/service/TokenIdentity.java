package dev.modelsigning.sigstore.internal.service;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.internal.data.JsonFields;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The identity of the subject of an identity token, as a certificate authority (Fulcio) writes it
 * into certificates.
 *
 * <p>For people and service accounts that is the e-mail address, for most machines {@code sub}. For
 * jobs of CI services the authority composes a name from other claims; for services that the public
 * instances support, the rule is known, and nothing else is accepted. A private authority may have
 * any rule: for a token without a known rule, at least one claim must be part of the name. Callers
 * that know the exact name can require it ({@code SigstoreSigner.withCertificateIdentity}).
 */
public final class TokenIdentity {

  private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");

  private static final String CIRCLE = "oidc.circleci.com/";

  /** Claims that do not identify the subject. */
  private static final Set<String> ABOUT_TOKEN =
      Set.of("iss", "aud", "azp", "nonce", "jti", "at_hash", "c_hash", "sid", "typ", "scope");

  private final JsonFields claims;

  TokenIdentity(JsonFields claims) {
    this.claims = claims;
  }

  /**
   * Requires that a certificate is for this identity.
   *
   * @param named the identity that the user requires, which replaces all rules
   */
  public void require(SigningCertificate certificate, Optional<String> named)
      throws SigningException {
    requireIssuer(certificate);
    String found = certificate.identity();
    if (named.isPresent()) {
      if (!named.get().equals(found)) {
        throw somebodyElse(Printable.quote(named.get()), found, "");
      }
      return;
    }
    List<String> jobs = jobs();
    Set<String> expected = new LinkedHashSet<>(jobs);
    if (jobs.isEmpty()) {
      text("email").ifPresent(expected::add);
    }
    text("sub").ifPresent(expected::add);
    kubernetes().ifPresent(expected::add);
    chainguard().ifPresent(expected::add);
    // For a service account of a CI service that also has an e-mail address.
    text("email").filter(email -> certificate.isEmail()).ifPresent(expected::add);
    if (expected.stream().anyMatch(one -> isSame(one, found)) || isUserName(certificate)) {
      return;
    }
    if (jobs.isEmpty() && !certificate.isEmail() && namesAnyClaim(found)) {
      return;
    }
    String first = expected.isEmpty() ? "a claim of the token" : expected.iterator().next();
    throw somebodyElse(
        Printable.quote(first),
        found,
        "; if this authority names you so, give that as the identity of the certificate");
  }

  private static SigningException somebodyElse(String expected, String found, String advice) {
    return new SigningException(
        "the certificate authority certified somebody else, so nothing was published: expected "
            + expected
            + ", found "
            + Printable.quote(found)
            + advice);
  }

  private void requireIssuer(SigningCertificate certificate) throws SigningException {
    String provider = text("iss").orElse("");
    String found = certificate.issuer();
    if (provider.isEmpty() || (!found.equals(provider) && !found.equals(connector().orElse("")))) {
      throw new SigningException(
          "the certificate authority certified for another identity provider, so nothing was"
              + " published: expected "
              + Printable.quote(provider)
              + ", found "
              + Printable.quote(found));
    }
  }

  private Optional<String> text(String claim) {
    return claims.optionalText(claim).filter(value -> !value.isEmpty());
  }

  private Optional<String> text(String object, String claim) {
    return claims
        .optionalObject(object)
        .flatMap(fields -> fields.optionalText(claim))
        .filter(value -> !value.isEmpty());
  }

  /** The provider with which the user signed in, if it was federated through another one. */
  private Optional<String> connector() {
    return text("federated_claims", "connector_id");
  }

  /** The names of a job of a CI service; empty if the token is not for one. */
  private List<String> jobs() {
    List<String> names = new ArrayList<>();
    text("job_workflow_ref")
        .ifPresent(workflow -> gitHubHosts().forEach(host -> names.add(host + "/" + workflow)));
    text("ci_config_ref_uri").ifPresent(config -> names.add("https://" + config));
    join("https://buildkite.com/", text("organization_slug"), "/", text("pipeline_slug"))
        .ifPresent(names::add);
    join(
            "https://circleci.com/api/v2/projects/",
            text(CIRCLE + "project-id"),
            "/pipeline-definitions/",
            text(CIRCLE + "pipeline-definition-id"))
        .ifPresent(names::add);
    join(
            text("platform_url").orElse("https://g.codefresh.io") + "/",
            join("", text("account_name"), "/", text("pipeline_name")),
            ":",
            join("", text("account_id"), "/", text("pipeline_id")))
        .ifPresent(names::add);
    return names;
  }

  private static Optional<String> join(
      String begin, Optional<String> one, String between, Optional<String> other) {
    return one.flatMap(first -> other.map(second -> begin + first + between + second));
  }

  /**
   * The hosts of the workflows for which this provider issues tokens. Unless configured otherwise,
   * an authority writes github.com for workflows on a self-hosted server too.
   */
  private List<String> gitHubHosts() {
    List<String> hosts = new ArrayList<>(List.of("https://github.com"));
    String host = host(text("iss").orElse(""));
    if (!host.isEmpty() && !host.endsWith(".githubusercontent.com")) {
      hosts.add("https://" + host);
      hosts.add("https://" + host.replaceFirst("^token\\.actions\\.", ""));
    }
    return hosts;
  }

  private static String host(String address) {
    try {
      return Optional.ofNullable(URI.create(address).getHost()).orElse("");
    } catch (IllegalArgumentException e) {
      // The certificate's issuer, which is the same value, is then not a URL either.
      return "";
    }
  }

  private Optional<String> kubernetes() {
    Optional<JsonFields> about = claims.optionalObject("kubernetes.io");
    Optional<String> namespace = about.flatMap(fields -> fields.optionalText("namespace"));
    Optional<String> account =
        about
            .flatMap(fields -> fields.optionalObject("serviceaccount"))
            .flatMap(fields -> fields.optionalText("name"));
    return join("https://kubernetes.io/namespaces/", namespace, "/serviceaccounts/", account);
  }

  private Optional<String> chainguard() {
    return join("", text("iss"), "/", text("sub"));
  }

  /** A user name precedes the domain that the authority appends. */
  private boolean isUserName(SigningCertificate certificate) {
    Optional<String> name = text("sub");
    return certificate.isUserName()
        && name.isPresent()
        && certificate.identity().startsWith(name.get() + "!");
  }

  /** Whether both are equal; in a URI, some characters may be encoded. */
  private static boolean isSame(String expected, String found) {
    return expected.equals(found) || decode(expected).equals(decode(found));
  }

  /** The bytes of a text after percent-decoding (RFC 3986 2.1), each as one character. */
  private static String decode(String text) {
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c == '%' && ENCODED.matcher(bytes).region(i, bytes.length()).lookingAt()) {
        c = (char) Integer.parseInt(bytes.substring(i + 1, i + 3), 16);
        i += 2;
      }
      result.append(c);
    }
    return result.toString();
  }

  /** Whether any claim that can identify the subject is a complete component of a name. */
  private boolean namesAnyClaim(String found) {
    Set<String> values = new LinkedHashSet<>();
    claims.eachText(ABOUT_TOKEN, values::add);
    String decoded = decode(found);
    return values.stream().map(TokenIdentity::decode).anyMatch(value -> isPart(value, decoded));
  }

  private static boolean isPart(String value, String name) {
    if (value.isEmpty()) {
      return false;
    }
    for (int at = name.indexOf(value); at >= 0; at = name.indexOf(value, at + 1)) {
      int end = at + value.length();
      boolean begins = at == 0 || isBorder(name.charAt(at - 1));
      if (begins && (end == name.length() || isBorder(name.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBorder(char c) {
    return "/:@!?#&=+".indexOf(c) >= 0;
  }
}
