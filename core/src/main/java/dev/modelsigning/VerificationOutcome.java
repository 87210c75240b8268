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
 * The outcome of verifying a model, whether it succeeded or failed, with everything that was known
 * by then. It is the input of reports. It is not a proof, and a payload with a valid signature says
 * nothing about the model: programs that use the model must call {@link #verified()}.
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

  // The steps of the verifier, in order; only the verifier calls these methods.

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

  /** The requirements that were imposed. */
  public Demands demands() {
    return demands;
  }

  /** The signature file; empty if the bundle was not read from a file, or could not be read. */
  public Optional<StoredBundle> signature() {
    return Optional.ofNullable(signature);
  }

  /** What was signed and by whom; empty if the signature is not trusted. */
  public Optional<VerifiedPayload> payload() {
    return Optional.ofNullable(payload);
  }

  /**
   * The signed statement; empty if the signature is not trusted, or the payload is not such a
   * statement.
   */
  public Optional<Statement> statement() {
    return Optional.ofNullable(statement);
  }

  /** The signed manifest; empty if the statement is not known. */
  public Optional<Manifest> manifest() {
    return Optional.ofNullable(manifest);
  }

  /** The comparison of the model with its manifest; empty if the model was not read to the end. */
  public Optional<Result> comparison() {
    return Optional.ofNullable(result);
  }

  /**
   * The directory with the verified copy, by the path that was given; empty if no copy was
   * requested, or verification failed and there is none.
   */
  public Optional<Path> copy() {
    return Optional.ofNullable(copy);
  }

  /** Findings for readers of the verdict, in the order in which they were made. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** The proof; empty if verification failed. */
  public Optional<VerifiedModel> verified() {
    return Optional.ofNullable(verified);
  }

  /**
   * The reason why verification failed: an {@link IOException}, {@link MalformedBundleException} or
   * {@link VerificationException}; empty if the model is verified.
   */
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * The proof, or the failure as an exception.
   *
   * @throws IOException if a file cannot be read, or changed while it was read
   * @throws MalformedBundleException if the file is not a valid bundle
   * @throws VerificationException if the signature is not trusted, or the model differs from the
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
