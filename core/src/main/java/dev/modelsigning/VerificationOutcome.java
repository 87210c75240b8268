package dev.modelsigning;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the verification of a model ended, whichever way, with all that was found out until then:
 * what reports are made of. It proves nothing, and a payload whose signature is good says nothing
 * about the model: programs that go on with a model ask for {@link #verified()}.
 */
public final class VerificationOutcome {

  private final ModelSource model;
  private final Demands demands;
  private final List<Finding> findings = new ArrayList<>();

  // What is known so far.
  private @Nullable StoredBundle signature;
  private @Nullable VerifiedPayload payload;
  private @Nullable Statement statement;
  private @Nullable Manifest manifest;
  private @Nullable Result result;
  private @Nullable Path copy;
  private @Nullable VerifiedModel verified;
  private @Nullable Exception failure;

  VerificationOutcome(ModelSource model, Demands demands) {
    this.model = model;
    this.demands = demands;
  }

  // The steps of the verifier, in their order; nobody else takes them.

  void read(StoredBundle stored) {
    signature = stored;
  }

  void authenticated(VerifiedPayload by) {
    payload = by;
    findings.addAll(by.findings());
  }

  void stated(Statement what, Manifest files) {
    statement = what;
    manifest = files;
  }

  void found(Finding finding) {
    findings.add(finding);
  }

  void compared(Result with) {
    result = with;
    findings.addAll(with.findings());
  }

  void copied(Path to) {
    copy = to;
  }

  void proved(VerifiedModel proof) {
    verified = proof;
  }

  void failed(Exception with) {
    failure = with;
  }

  /** Where the model is. */
  public ModelSource model() {
    return model;
  }

  /** What was demanded. */
  public Demands demands() {
    return demands;
  }

  /** The file with the signature; empty if it was in none, or could not be read. */
  public Optional<StoredBundle> signature() {
    return Optional.ofNullable(signature);
  }

  /** What was signed and by whom; empty if the signature is not to be trusted. */
  public Optional<VerifiedPayload> payload() {
    return Optional.ofNullable(payload);
  }

  /**
   * The statement that was signed; empty if the signature is not to be trusted, or over another.
   */
  public Optional<Statement> statement() {
    return Optional.ofNullable(statement);
  }

  /** The files that were signed; empty if the statement is not known. */
  public Optional<Manifest> manifest() {
    return Optional.ofNullable(manifest);
  }

  /** How the model compares with its manifest; empty if it was not read to the end. */
  public Optional<Result> comparison() {
    return Optional.ofNullable(result);
  }

  /**
   * The directory with the verified copy, as it was named; empty if none was asked for, or it is
   * not there as verification failed.
   */
  public Optional<Path> copy() {
    return Optional.ofNullable(copy);
  }

  /** What a reader of the verdict should know, in the order in which it was found. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** The proof; empty if verification failed. */
  public Optional<VerifiedModel> verified() {
    return Optional.ofNullable(verified);
  }

  /**
   * Why it failed: an {@link IOException}, {@link MalformedBundleException} or {@link
   * VerificationException}; empty if the model is verified.
   */
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * The proof, or the failure as an exception.
   *
   * @throws IOException if a file cannot be read or changed meanwhile
   * @throws MalformedBundleException if the bundle is not one
   * @throws VerificationException if the signature is not to be trusted, or the model is not the
   *     one that was signed
   */
  public VerifiedModel orElseThrow()
      throws IOException, MalformedBundleException, VerificationException {
    if (failure instanceof IOException unreadable) {
      throw unreadable;
    }
    if (failure instanceof MalformedBundleException malformed) {
      throw malformed;
    }
    if (failure instanceof VerificationException untrusted) {
      throw untrusted;
    }
    if (verified == null) {
      throw new IllegalStateException("a verification that did not end", failure);
    }
    return verified;
  }
}
