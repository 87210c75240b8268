package dev.modelsigning.opentelemetry;

import dev.modelsigning.SignedModel;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.report.FailureReason;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;

/**
 * A span of one signing or verification, which is the current one of its thread until it is closed.
 * It is used by one thread.
 */
public final class ModelSpan implements AutoCloseable {

  private final Span span;
  private final Scope scope;

  @SuppressWarnings("MustBeClosedChecker") // it is closed with this span
  ModelSpan(Span span) {
    this.span = span;
    scope = span.makeCurrent();
  }

  /** Records that a model was verified, with its digest and its size. */
  public void verified(VerifiedModel model) {
    result(true);
    about(
        model.signer().method(),
        model.manifest().rootDigest().toString(),
        model.files(),
        model.bytes());
  }

  /** Records that a model was signed, with its digest and its size. */
  public void signed(SignedModel model) {
    about(
        model.signature().signer().method(),
        model.content().manifest().rootDigest().toString(),
        model.content().files(),
        model.content().bytes());
  }

  private void about(String method, String digest, long files, long bytes) {
    span.setAttribute(ModelAttributes.METHOD, method);
    span.setAttribute(ModelAttributes.DIGEST, digest);
    span.setAttribute(ModelAttributes.FILES, files);
    span.setAttribute(ModelAttributes.SIZE, bytes);
  }

  /** Records whether what was to be verified is, all of it. */
  public void result(boolean verified) {
    span.setAttribute(ModelAttributes.VERIFIED, verified);
  }

  /**
   * Records a failure by the code of its rule. Its message may have names and paths, and is left
   * out, as its stack trace is.
   */
  public void failed(Throwable failure) {
    failed(
        FailureReason.rule(failure).map(Rule::code).orElseGet(() -> failure.getClass().getName()));
  }

  /**
   * Records a failure.
   *
   * @param code the code of a rule
   */
  public void failed(String code) {
    span.setAttribute(ModelAttributes.ERROR, code);
    span.setStatus(StatusCode.ERROR);
  }

  /** Ends the span. */
  @Override
  public void close() {
    scope.close();
    span.end();
  }
}
