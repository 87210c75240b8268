package dev.modelsigning.cli.attest;

import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.AttestationOutcome;
import dev.modelsigning.attestation.AttestationVerdict;
import dev.modelsigning.attestation.AttestationVerifier;
import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.method.VerificationMethod;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.registry.RegistryVerification;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A command that verifies a model, its signature, and what the same signer attested about it. The
 * method provides the trust.
 */
abstract sealed class AttestationVerification extends SignedModelTask
    permits VerifyAttestationKeyCommand,
        VerifyAttestationCertificateCommand,
        VerifyAttestationSigstoreCommand {

  @Option(
      names = "--claims",
      paramLabel = "FILE",
      description =
          "The file with the attestations, or s3://BUCKET/KEY: one on each line, or a single one"
              + " (*.json). Can be repeated. Default: claims.jsonl beside the model; for a model in a registry, what refers"
              + " to it there.")
  private List<Place> claims = new ArrayList<>();

  @Option(
      names = "--predicate-type",
      paramLabel = "TYPE",
      required = true,
      description =
          "What is to be attested: a URI, or cyclonedx, spdx, slsa, vsa, test-result or vulns.")
  private @Nullable String predicateType;

  @Option(
      names = "--require-time",
      description =
          "Count only attestations whose time a trusted time stamp or a transparency log proves.")
  private boolean requireTime;

  @Option(
      names = "--require-names",
      description =
          "Count only attestations that bind the names of the model's files themselves, as those of"
              + " this program do. Default: the model's signature binds them.")
  private boolean requireNames;

  /** The way to verify. */
  abstract VerificationMethod method();

  @Override
  public final Integer call()
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    Output output = Program.of(spec()).output(quiet());
    PredicateType type = type();
    model().requireUsage(spec(), claims.stream().anyMatch(Place::isInStore));
    if (claims.stream().anyMatch(Place::isInRegistry)) {
      throw new WrongUsage(
          spec(), "--claims: name a file; what refers to a model in a registry is found there");
    }
    AttestationVerdict attested = null;
    try {
      model().requireExisting();
      BundleVerifier trust = method().verifier(quiet());
      AttestationOutcome found =
          model().isInRegistry() ? findInRegistry(trust, type, output) : find(trust, type, output);
      attested =
          AttestationVerdict.of(
                  examined()
                      .orElseThrow()
                      .withFindings(model().findings("the attestations were read from the store")),
                  found)
              .withMessages(output::withoutSecrets);
      print(attested, output);
      attested.requireAttestation();
      return 0;
    } catch (IOException
        | UnusableTrustException
        | MalformedBundleException
        | VerificationException e) {
      if (attested == null && isJson()) {
        Verdict known = examined().orElseGet(() -> Verdict.failed(subject(), e));
        output.verdict(
            AttestationVerdict.failed(known, e).withMessages(output::withoutSecrets)::writeJson);
      }
      throw e;
    } finally {
      close();
    }
  }

  private AttestationOutcome find(BundleVerifier trust, PredicateType type, Output output)
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    VerificationOutcome outcome = examine(trust, output::withoutSecrets);
    return verifier(trust).verifyAll(outcome.orElseThrow(), sources(files()), type);
  }

  /** The claims that refer to the model in its registry, unless files with claims are named. */
  private AttestationOutcome findInRegistry(BundleVerifier trust, PredicateType type, Output output)
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    try (RegistryVerification registry = openRegistry()) {
      VerifiedModel verified = examine(registry, trust, output::withoutSecrets).orElseThrow();
      return claims.isEmpty()
          ? verifier(trust).verifyAll(verified, registry.claims(), type)
          : verifier(trust).verifyAll(verified, sources(claims), type);
    }
  }

  private PredicateType type() {
    try {
      return PredicateType.of(Objects.requireNonNull(predicateType));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(spec(), "--predicate-type: " + e.getMessage(), e);
    }
  }

  private AttestationVerifier verifier(BundleVerifier trust) {
    AttestationVerifier verifier = AttestationVerifier.using(trust);
    if (requireTime) {
      verifier = verifier.requireTime();
    }
    return requireNames ? verifier.requireNames() : verifier;
  }

  private List<ClaimSource> sources(List<Place> places) throws IOException {
    List<ClaimSource> sources = new ArrayList<>();
    for (Place place : places) {
      sources.add(
          place.isInStore() ? model().files(spec()).claims(place) : ClaimSource.of(place.path()));
    }
    return sources;
  }

  private List<Place> files() throws FileSystemException {
    if (!claims.isEmpty()) {
      return claims;
    }
    Place usual = model().claims(spec());
    if (usual.isHere() && Files.notExists(usual.path(), LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          usual.toString(),
          null,
          "there is no claims file beside the model; name the file with the attestations with"
              + " --claims");
    }
    return List.of(usual);
  }

  private void print(AttestationVerdict attested, Output output) throws IOException {
    attested.refused(mostLines()).forEach(output::warning);
    if (isJson()) {
      attested.model().warnings().forEach(output::finding);
      // Last of all, so that nothing can fail after a program was told that it is verified.
      output.verdict(attested::writeJson);
    } else if (attested.isVerified()) {
      output.verified(attested.headline());
      attested.lines(mostLines()).forEach(output::info);
      attested.model().warnings().forEach(output::finding);
    }
  }

  @Override
  public final Optional<String> adviceOnUntrustedCertificate() {
    return method().adviceOnUntrustedCertificate();
  }

  @Override
  public final String failure() {
    return "Verification failed with error";
  }
}
