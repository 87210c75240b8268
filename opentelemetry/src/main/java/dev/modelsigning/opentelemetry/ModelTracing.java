package dev.modelsigning.opentelemetry;

import dev.modelsigning.SignedModel;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Signs and verifies with a span for each. What is done stays the same, as do its result and its
 * failures ({@code docs/tracing.md}).
 */
public final class ModelTracing {

  /** The span of a verification. */
  public static final String VERIFY = "model_signing.verify";

  /** The span of a signing. */
  public static final String SIGN = "model_signing.sign";

  /** The variables that have the context of a trace: its fields in upper case. */
  private static final TextMapGetter<Map<String, String>> VARIABLES =
      (environment, key) ->
          environment == null ? null : environment.get(key.toUpperCase(Locale.ROOT));

  private final Tracer tracer;

  private ModelTracing(OpenTelemetry telemetry) {
    tracer = telemetry.getTracer("dev.modelsigning");
  }

  /** Returns one that records spans with this instance. */
  public static ModelTracing using(OpenTelemetry telemetry) {
    return new ModelTracing(telemetry);
  }

  /**
   * Returns one that records spans with the global instance. If there is none, and an SDK on the
   * class path is to configure itself, that is done now.
   */
  public static ModelTracing global() {
    return new ModelTracing(GlobalOpenTelemetry.get());
  }

  /** Verifies a model. */
  @FunctionalInterface
  public interface Verification {
    /** Returns the proof, or fails as {@link dev.modelsigning.ModelVerifier} does. */
    VerifiedModel run()
        throws IOException, UnusableTrustException, MalformedBundleException, VerificationException;
  }

  /** Signs a model. */
  @FunctionalInterface
  public interface Signing {
    /** Returns what was signed, or fails as {@link dev.modelsigning.ModelSigner} does. */
    SignedModel run() throws IOException, SigningException;
  }

  /** Verifies a model in a span, and returns the proof. */
  public VerifiedModel verify(Verification verification)
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    try (ModelSpan span = begin(VERIFY)) {
      try {
        VerifiedModel verified = verification.run();
        span.verified(verified);
        return verified;
      } catch (IOException
          | UnusableTrustException
          | MalformedBundleException
          | VerificationException
          | RuntimeException
          | Error e) {
        span.result(false);
        span.failed(e);
        throw e;
      }
    }
  }

  /** Examines a model in a span, and returns the outcome, whichever it is. */
  public VerificationOutcome examine(Supplier<VerificationOutcome> examination) {
    try (ModelSpan span = begin(VERIFY)) {
      try {
        VerificationOutcome outcome = examination.get();
        outcome.verified().ifPresentOrElse(span::verified, () -> span.result(false));
        outcome.failure().ifPresent(span::failed);
        return outcome;
      } catch (RuntimeException | Error e) {
        span.result(false);
        span.failed(e);
        throw e;
      }
    }
  }

  /** Signs a model in a span, and returns what was signed. */
  public SignedModel sign(Signing signing) throws IOException, SigningException {
    try (ModelSpan span = begin(SIGN)) {
      try {
        SignedModel signed = signing.run();
        span.signed(signed);
        return signed;
      } catch (IOException | SigningException | RuntimeException | Error e) {
        span.failed(e);
        throw e;
      }
    }
  }

  private ModelSpan begin(String name) {
    return new ModelSpan(tracer.spanBuilder(name).startSpan());
  }

  /**
   * Begins the span of a command. It belongs to the trace that the environment names, if it does
   * ({@code TRACEPARENT}, {@code TRACESTATE}).
   *
   * @param name {@link #VERIFY} or {@link #SIGN}
   * @param command the words of the command, without arguments
   * @param environment the variables of the environment
   */
  public ModelSpan command(String name, String command, Map<String, String> environment) {
    Context parent =
        W3CTraceContextPropagator.getInstance().extract(Context.current(), environment, VARIABLES);
    SpanBuilder builder = tracer.spanBuilder(name).setParent(parent);
    return new ModelSpan(builder.setAttribute(ModelAttributes.COMMAND, command).startSpan());
  }
}
