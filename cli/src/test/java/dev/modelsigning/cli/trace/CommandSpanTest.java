package dev.modelsigning.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans of commands, recorded by the SDK. */
class CommandSpanTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private static final Map<String, String> WANTED =
      Map.of(
          "OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED",
          "true",
          "TRACEPARENT",
          "00-" + TRACE + "-b7ad6b7169203331-01");

  @TempDir private Path directory;

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private OpenTelemetrySdk sdk;
  private Workspace workspace;

  @BeforeEach
  void makeModel() throws IOException {
    GlobalOpenTelemetry.resetForTest();
    sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exported))
                    .build())
            .buildAndRegisterGlobal();
    workspace = Workspace.in(directory);
    workspace.sign().assertSucceeded();
  }

  @AfterEach
  void close() {
    sdk.close();
    GlobalOpenTelemetry.resetForTest();
  }

  private Object[] verifying(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "verify",
                "key",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--public-key",
                workspace.publicKey()));
    args.addAll(List.of(more));
    return args.toArray();
  }

  /** Processors are code of others; what they throw comes after the verdict was printed. */
  @Test
  void aProcessorThatFailsChangesNoVerdict() throws IOException {
    sdk.close();
    GlobalOpenTelemetry.resetForTest();
    sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder().addSpanProcessor(new FailingProcessor()).build())
            .buildAndRegisterGlobal();
    Invocation verified = Invocation.in(WANTED, verifying());
    assertThat(verified.status()).isZero();
    assertThat(verified.out()).contains("Verification succeeded");
    assertThat(verified.err()).contains("there are no spans for OpenTelemetry");

    workspace.write("model/weights/a.bin", "ALPHA");
    Invocation refused = Invocation.in(WANTED, verifying());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("Verification failed with error: ", "1 changed");
  }

  private static final class FailingProcessor implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
      // Nothing; the end is what matters.
    }

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      throw new IllegalStateException("a processor that fails");
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }

  private Map<String, Object> attributes() {
    assertThat(exported.getFinishedSpanItems()).hasSize(1);
    return exported.getFinishedSpanItems().get(0).getAttributes().asMap().entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue));
  }

  @Test
  void recordsNothingUnlessTheEnvironmentSaysSo() {
    Invocation.of(verifying()).assertSucceeded();
    Invocation.in(Map.of("OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED", "false"), verifying())
        .assertSucceeded();
    assertThat(exported.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void recordsAVerificationInTheTraceOfTheEnvironment() {
    String plain = Invocation.of(verifying()).assertSucceeded().out();
    assertThat(Invocation.in(WANTED, verifying()).assertSucceeded().out()).isEqualTo(plain);

    assertThat(attributes())
        .containsEntry("model_signing.command", "verify key")
        .containsEntry("model_signing.verified", true)
        .containsEntry("model_signing.method", "key")
        .containsEntry("model_signing.model.files", 3L)
        .containsEntry("model_signing.model.size", 11L)
        .containsKey("model_signing.model.digest")
        .hasSize(6);
    SpanData span = exported.getFinishedSpanItems().get(0);
    assertThat(span.getName()).isEqualTo("model_signing.verify");
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void recordsARefusalWithoutNames() throws IOException {
    workspace.write("model/weights/a.bin", "ALPHA");
    Invocation.in(WANTED, verifying()).assertFailed(Workspace.VERIFICATION_FAILED, "1 changed");

    assertThat(attributes())
        .isEqualTo(
            Map.of(
                "model_signing.command",
                "verify key",
                "model_signing.verified",
                false,
                "error.type",
                "MODEL_MISMATCH"));
    assertThat(exported.getFinishedSpanItems().toString())
        .doesNotContain(directory.toString())
        .doesNotContain("a.bin");
  }

  @Test
  void recordsWrongUsage() {
    assertThat(Invocation.in(WANTED, verifying("--jobs", "0")).status()).isEqualTo(2);
    assertThat(attributes()).containsEntry("error.type", "WRONG_USAGE");
  }

  @Test
  void recordsASigning() {
    Invocation.in(
            WANTED,
            "sign",
            "key",
            workspace.model(),
            "--private-key",
            workspace.privateKey(),
            "--signature",
            workspace.signature())
        .assertSucceeded();
    assertThat(attributes()).isEqualTo(Map.of("model_signing.command", "sign key"));
    assertThat(exported.getFinishedSpanItems().get(0).getName()).isEqualTo("model_signing.sign");
  }

  @Test
  void recordsADecisionByAPolicy() throws IOException {
    for (String signer : List.of("us", "them")) {
      exported.reset();
      workspace.write(
          "policy.yaml",
          """
          version: 1
          signers:
            us: { key: { public-key: key.pub } }
            them: { key: { public-key: other.pub } }
          models:
            - { match: model, signatures: { of: %s } }
          """
              .formatted(signer));
      Invocation.in(
          WANTED,
          "verify",
          "policy",
          workspace.model(),
          "--policy",
          workspace.path("policy.yaml"),
          "--signature",
          workspace.signature());
      assertThat(attributes())
          .containsEntry("model_signing.command", "verify policy")
          .containsEntry("model_signing.verified", signer.equals("us"));
    }
    assertThat(attributes()).containsKey("error.type");
  }

  @Test
  void recordsEachRound() {
    Invocation.watching(
            WANTED,
            round -> {
              if (round == 2) {
                Thread.currentThread().interrupt();
              }
            },
            verifying("--watch", "1s"))
        .assertSucceeded();
    assertThat(exported.getFinishedSpanItems()).hasSize(2);
  }

  @Test
  void recordsNoOtherCommand() {
    Invocation.in(WANTED, "digest", workspace.model()).assertSucceeded();
    Invocation.in(WANTED, "verify", "--help").assertSucceeded();
    assertThat(exported.getFinishedSpanItems()).isEmpty();
  }

  /** As where there is no SDK on the class path. */
  @Test
  void doesTheSameWithoutAnSdk() {
    GlobalOpenTelemetry.resetForTest();
    Invocation verified = Invocation.in(WANTED, verifying());
    assertThat(verified.status()).isZero();
    assertThat(verified.out()).contains("Verification succeeded");
    assertThat(verified.err()).isEmpty();
    assertThat(exported.getFinishedSpanItems()).isEmpty();
  }
}
