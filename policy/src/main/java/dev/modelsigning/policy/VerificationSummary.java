package dev.modelsigning.policy;

import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.policy.internal.claim.FileUri;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.predicate.MalformedPredicateException;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs what a policy decided about a model, as a verification summary (SLSA VSA v1), so that
 * others can rely on the word of whoever verified. It never replaces hashing the model: it says
 * what the policy thought of the model with these digests. Instances are immutable.
 */
public final class VerificationSummary {

  /** The name of this program as a verifier, by default. */
  public static final String DEFAULT_VERIFIER = "urn:dev.modelsigning:verify-policy";

  /**
   * The property of a model that meets a policy; SLSA leaves names without its prefix to others.
   */
  private static final String LEVEL = "MODEL_SIGNING_POLICY";

  private final String verifier;
  private final Optional<String> policyUri;
  private final Optional<String> resourceUri;
  private final Clock clock;

  private VerificationSummary(
      String verifier, Optional<String> policyUri, Optional<String> resourceUri, Clock clock) {
    this.verifier = verifier;
    this.policyUri = policyUri;
    this.resourceUri = resourceUri;
    this.clock = clock;
  }

  /**
   * Returns summaries by this program, which name the policy by its file name and the model by its
   * path below the policy's directory. No other part of a path is published.
   */
  public static VerificationSummary withDefaults() {
    return new VerificationSummary(
        DEFAULT_VERIFIER, Optional.empty(), Optional.empty(), Clock.systemUTC());
  }

  /**
   * Returns the same with another verifier.
   *
   * @param uri who verifies, such as {@code https://bank.example/gate}
   * @throws IllegalArgumentException if it is not a URI with a scheme
   */
  public VerificationSummary verifier(String uri) {
    return new VerificationSummary(requireUri("the verifier", uri), policyUri, resourceUri, clock);
  }

  /**
   * Returns the same with the address of the policy.
   *
   * @throws IllegalArgumentException if it is not a URI with a scheme
   */
  public VerificationSummary policyUri(String uri) {
    return new VerificationSummary(
        verifier, Optional.of(requireUri("the address of the policy", uri)), resourceUri, clock);
  }

  /**
   * Returns the same with the address of the model.
   *
   * @throws IllegalArgumentException if it is not a URI with a scheme
   */
  public VerificationSummary resourceUri(String uri) {
    return new VerificationSummary(
        verifier, policyUri, Optional.of(requireUri("the address of the model", uri)), clock);
  }

  VerificationSummary clock(Clock other) {
    return new VerificationSummary(verifier, policyUri, resourceUri, other);
  }

  private static String requireUri(String what, String text) {
    try {
      URI uri = new URI(text);
      // The authority is looked at as it is written: a host with '_' hides the user before it.
      String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (!uri.isAbsolute()
          || authority.contains("@")
          || uri.getRawQuery() != null
          || (scheme.startsWith("http") && authority.isEmpty())) {
        throw new IllegalArgumentException(
            what
                + ": expected a URI with a scheme, without user, password and query, as it is"
                + " published");
      }
      return uri.toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(what + ": expected a URI with a scheme", e);
    }
  }

  /**
   * Signs the summary of a verdict: PASSED only if the model is verified; FAILED otherwise, also
   * for a rule that only warns.
   *
   * @param verdict the verdict
   * @param signer who signs
   * @throws IOException if the model cannot be read, which is hashed if no signature of it verifies
   * @throws SigningException if the signature cannot be made
   */
  public SignedPayload sign(PolicyVerdict verdict, PayloadSigner signer)
      throws IOException, SigningException {
    Statement statement =
        new Statement(
            List.of(subject(verdict).toSubject()),
            PredicateType.VSA.uri(),
            new Predicate.Other(Optional.of(predicate(verdict))));
    return signer.sign(statement.toPayload());
  }

  private static ModelSubject subject(PolicyVerdict verdict) throws IOException {
    return verdict.summarized(fileName(verdict.name().orElse(verdict.model())));
  }

  /** Where the model is: in a registry by its digest, as a tag may lead to another one later. */
  private static String address(PolicyVerdict verdict) {
    return verdict
        .registry()
        .map(place -> "oci://" + place.registry() + "/" + place.repository() + "@" + place.digest())
        .orElseGet(() -> FileUri.of(verdict.name().orElse(fileName(verdict.model()))));
  }

  private static String address(String file) {
    return file.startsWith("oci://") ? file : FileUri.of(fileName(file));
  }

  private static String fileName(String path) {
    @Nullable Path last = Path.of(path).toAbsolutePath().normalize().getFileName();
    return last == null ? "model" : last.toString();
  }

  /** The predicate of the summary of a verdict, in the form of SLSA VSA v1. */
  public String predicate(PolicyVerdict verdict) {
    byte[] json = JsonWriter.document(members -> write(verdict, members));
    try {
      return PredicateType.VSA.require(json);
    } catch (MalformedPredicateException e) {
      throw new IllegalStateException("a summary that is written here has the form it requires", e);
    }
  }

  private void write(PolicyVerdict verdict, JsonWriter json) {
    boolean passed = verdict.isVerified();
    json.object("verifier", who -> who.string("id", verifier))
        .string("timeVerified", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
        .string("resourceUri", resourceUri.orElseGet(() -> address(verdict)))
        .object(
            "policy",
            policy ->
                policy
                    .string(
                        "uri",
                        policyUri.orElseGet(() -> FileUri.of(fileName(verdict.policy().file()))))
                    .object("digest", digest -> digest.string("sha256", verdict.policy().sha256())))
        .array(
            "inputAttestations",
            inputs ->
                verdict.signatures().stream()
                    .filter(CheckedSignature::counts)
                    .forEach(one ->
                        inputs.object(input ->
                            input
                                .string("uri", address(one.file()))
                                .object(
                                    "digest", digest -> digest.string("sha256", one.sha256())))))
        .string("verificationResult", passed ? "PASSED" : "FAILED")
        .array("verifiedLevels", levels -> levels.string(passed ? LEVEL : "FAILED"));
  }
}
