package dev.modelsigning.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.EcdsaScheme;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans of signing and verifying, recorded by the SDK. */
class ModelTracingTest {

  @TempDir private Path directory;

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exported))
                  .build())
          .build();
  private final ModelTracing tracing = ModelTracing.using(sdk);

  private Path model;
  private Path key;
  private Path publicKey;
  private Path signature;

  @BeforeEach
  void makeModel() throws IOException {
    model = Files.createDirectory(directory.resolve("secret-project"));
    Files.writeString(model.resolve("weights"), "1234");
    key = directory.resolve("key.pem");
    publicKey = directory.resolve("key.pub");
    signature = directory.resolve("model.sig");
    KeyPairFiles.generate(EcdsaScheme.P256, key, publicKey);
  }

  @AfterEach
  void close() {
    sdk.close();
  }

  private SpanData only() {
    assertThat(exported.getFinishedSpanItems()).hasSize(1);
    return exported.getFinishedSpanItems().get(0);
  }

  private static Map<String, Object> attributes(SpanData span) {
    return span.getAttributes().asMap().entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue));
  }

  private String sign() throws Exception {
    return ModelSigner.using(KeySigner.load(key))
        .sign(model, signature)
        .content()
        .manifest()
        .rootDigest()
        .toString();
  }

  @Test
  void recordsASigning() throws Exception {
    String digest =
        tracing
            .sign(() -> ModelSigner.using(KeySigner.load(key)).sign(model, signature))
            .content()
            .manifest()
            .rootDigest()
            .toString();

    assertThat(only().getName()).isEqualTo("model_signing.sign");
    assertThat(only().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(only().getInstrumentationScopeInfo().getName()).isEqualTo("dev.modelsigning");
    assertThat(attributes(only()))
        .isEqualTo(
            Map.of(
                "model_signing.method",
                "key",
                "model_signing.model.digest",
                digest,
                "model_signing.model.files",
                1L,
                "model_signing.model.size",
                4L));
  }

  @Test
  void recordsAVerification() throws Exception {
    String digest = sign();
    VerifiedModel verified =
        tracing.verify(
            () -> ModelVerifier.using(KeyVerifier.load(publicKey)).verify(model, signature));

    assertThat(verified.files()).isEqualTo(1);
    assertThat(only().getName()).isEqualTo("model_signing.verify");
    assertThat(attributes(only()))
        .isEqualTo(
            Map.of(
                "model_signing.verified",
                true,
                "model_signing.method",
                "key",
                "model_signing.model.digest",
                digest,
                "model_signing.model.files",
                1L,
                "model_signing.model.size",
                4L));
  }

  /** Not even the name of the model, which is that of a directory. */
  @Test
  void recordsARefusalByItsCode() throws Exception {
    sign();
    Files.writeString(model.resolve("weights"), "1235");
    assertThatThrownBy(() ->
            tracing.verify(
                () -> ModelVerifier.using(KeyVerifier.load(publicKey)).verify(model, signature)))
        .isInstanceOf(VerificationException.class);

    assertThat(only().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(only().getStatus().getDescription()).isEmpty();
    assertThat(only().getEvents()).isEmpty();
    assertThat(attributes(only()))
        .isEqualTo(Map.of("model_signing.verified", false, "error.type", "MODEL_MISMATCH"));
    assertThat(only().toString()).doesNotContain("secret-project").doesNotContain("weights");
  }

  @Test
  void recordsAnExamination() throws Exception {
    sign();
    ModelVerifier verifier = ModelVerifier.using(KeyVerifier.load(publicKey));
    VerificationOutcome outcome =
        tracing.examine(() -> verifier.examine(DirectorySource.of(model), signature));
    assertThat(outcome.verified()).isPresent();
    assertThat(attributes(only())).containsEntry("model_signing.verified", true);

    exported.reset();
    Files.delete(signature);
    outcome = tracing.examine(() -> verifier.examine(DirectorySource.of(model), signature));
    assertThat(outcome.verified()).isEmpty();
    assertThat(attributes(only()))
        .isEqualTo(Map.of("model_signing.verified", false, "error.type", "IO_ERROR"));
  }

  @Test
  void recordsAFailureToSign() {
    assertThatThrownBy(() ->
            tracing.sign(() ->
                ModelSigner.using(KeySigner.load(key))
                    .sign(directory.resolve("nowhere"), signature)))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(attributes(only())).isEqualTo(Map.of("error.type", "IO_ERROR"));
  }

  @Test
  void recordsADefectByItsClass() {
    assertThatThrownBy(() ->
            tracing.verify(() -> {
              throw new IllegalStateException("password=geheim");
            }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(attributes(only()))
        .isEqualTo(
            Map.of(
                "model_signing.verified", false, "error.type", "java.lang.IllegalStateException"));
    assertThat(only().toString()).doesNotContain("geheim");
  }

  @Test
  void isTheParentOfWhatHappensMeanwhile() throws Exception {
    sign();
    tracing.verify(() -> {
      sdk.getTracer("user").spanBuilder("inner").startSpan().end();
      return ModelVerifier.using(KeyVerifier.load(publicKey)).verify(model, signature);
    });

    List<SpanData> spans = exported.getFinishedSpanItems();
    assertThat(spans).hasSize(2);
    assertThat(spans.get(0).getParentSpanId()).isEqualTo(spans.get(1).getSpanId());
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void commandsBelongToTheTraceOfTheirEnvironment() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    Map<String, String> environment = Map.of("TRACEPARENT", "00-" + trace + "-b7ad6b7169203331-01");
    try (ModelSpan span = tracing.command(ModelTracing.VERIFY, "verify key", environment)) {
      span.result(false);
      span.failed("WRONG_USAGE");
    }

    assertThat(only().getTraceId()).isEqualTo(trace);
    assertThat(only().getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(only().getAttributes().get(AttributeKey.stringKey("model_signing.command")))
        .isEqualTo("verify key");
    assertThat(only().getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("WRONG_USAGE");
  }

  @Test
  void aBrokenContextIsNone() {
    tracing.command(ModelTracing.SIGN, "sign key", Map.of("TRACEPARENT", "00-zz")).close();
    assertThat(only().getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void doesTheSameWithoutAnSdk() throws Exception {
    sign();
    GlobalOpenTelemetry.resetForTest();
    for (ModelTracing none :
        List.of(ModelTracing.using(OpenTelemetry.noop()), ModelTracing.global())) {
      assertThat(
              none.verify(() ->
                      ModelVerifier.using(KeyVerifier.load(publicKey)).verify(model, signature))
                  .files())
          .isEqualTo(1);
    }
    assertThat(exported.getFinishedSpanItems()).isEmpty();
  }
}
