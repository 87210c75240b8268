package dev.modelsigning.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.facts.RunnableContent.Kind;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.OtherIdentity;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verdict is four lists, and the text and the JSON that show them. */
class VerdictTest {

  private static final String NOWHERE = "model";

  @TempDir private Path directory;

  private Path model;
  private Path signature;
  private BundleVerifier verifier;

  @BeforeEach
  void sign() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    signature = directory.resolve("model.sig");
    Files.writeString(model.resolve("a"), "alpha");
    Files.writeString(model.resolve("b"), "beta");
    Path privateKey = directory.resolve("key.pem");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, directory.resolve("key.pub"));
    ModelSigner.using(KeySigner.load(privateKey)).sign(model, signature);
    verifier = KeyVerifier.load(directory.resolve("key.pub"));
  }

  @Test
  void ofAVerifiedModel() throws Exception {
    Files.writeString(model.resolve("more"), "x");
    Verdict verdict =
        Verdict.of(
            ModelVerifier.builder(verifier)
                .ignoreUnsignedFiles(true)
                .build()
                .examine(DirectorySource.of(model), signature));
    assertThat(verdict.isVerified()).isTrue();
    assertThat(verdict.headline()).isEqualTo("Verification succeeded");
    assertThat(verdict.differences().isEmpty()).isTrue();
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.uncovered()).singleElement().matches(entry -> entry.name().equals("more"));
    assertThat(verdict.facts())
        .extracting(Fact::label)
        .containsExactly("model", "signer", "algorithm", "files", "digest", "not covered");
    assertThat(verdict.lines())
        .contains(
            "  model        " + model + " (signed as model)",
            "  files        2 files, 9 bytes, sha256",
            "  not covered  more (unsigned, allowed on request)");
    assertThat(verdict.toJson()).startsWith("{\"verified\":true,").endsWith("}\n");
  }

  /** Finds something in each file, with names chosen by an attacker. */
  private static Optional<FileInspection> find(String name) {
    return Optional.of(
        new FileInspection() {
          @Override
          public boolean accept(ByteBuffer block) {
            return false;
          }

          @Override
          public FileFacts end(Optional<FileParts> parts) {
            boolean unusual = name.equals("b");
            return new FileFacts(
                List.of(
                    new RunnableContent(
                        name,
                        unusual ? Optional.of("data.pkl") : Optional.empty(),
                        Kind.PICKLE,
                        unusual ? List.of("1", "2", "3", "4", "5", "os.system") : List.of(),
                        unusual ? 7 : 0,
                        unusual)),
                unusual
                    ? List.of(new CardEntry(Field.LICENSE, List.of("mit", "other"), name))
                    : List.of(),
                List.of());
          }
        });
  }

  private Verdict inspected() {
    return Verdict.of(
        ModelVerifier.builder(verifier)
            .inspector((name, size, start) -> find(name))
            .build()
            .examine(DirectorySource.of(model), signature));
  }

  @Test
  void tellsWhatWasFoundInTheFilesOfAVerifiedModel() throws Exception {
    Verdict verdict = inspected();
    assertThat(verdict.lines())
        .containsSubsequence(
            "  card         license: mit, other (b)",
            "               as the signer states it; nothing of this was checked",
            "  can run      b, data.pkl: Python pickle, unusual: 1, 2, 3, 4, 5 and 8 more",
            "               a: Python pickle");
    assertThat(verdict.toJson())
        .contains(
            "\"contents\":{\"runnable\":[{\"file\":\"a\",\"kind\":\"pickle\",\"names\":[],"
                + "\"moreNames\":0,\"unusual\":false},{\"file\":\"b\",\"part\":\"data.pkl\",",
            "\"moreRunnable\":0,\"card\":[{\"field\":\"license\",\"values\":[\"mit\",\"other\"],"
                + "\"file\":\"b\"}]}");

    Files.writeString(model.resolve("a"), "other");
    Verdict refused = inspected();
    assertThat(refused.isVerified()).isFalse();
    assertThat(refused.contents()).isEmpty();
    assertThat(refused.toJson()).doesNotContain("contents");
    assertThat(String.join("", refused.lines())).doesNotContain("pickle");
  }

  @Test
  void ofAModelThatDiffers() throws Exception {
    Files.writeString(model.resolve("a"), "other");
    Files.delete(model.resolve("b"));
    for (int i = 0; i < 25; i++) {
      Files.writeString(model.resolve("more" + i), "x");
    }
    Verdict verdict =
        Verdict.of(ModelVerifier.using(verifier).examine(DirectorySource.of(model), signature));
    assertThat(verdict.isVerified()).isFalse();
    assertThat(verdict.verified()).isEmpty();
    assertThat(verdict.facts()).isEmpty();
    assertThat(verdict.uncovered()).isEmpty();
    assertThat(verdict.differences().missing()).containsExactly("b");
    assertThat(verdict.differences().extra()).hasSize(25);
    assertThat(verdict.findings())
        .containsExactly(Finding.of(Reason.MODEL_MISMATCH.rule(), verdict.headline()));
    String signer = verdict.signer().orElseThrow().name();
    assertThat(verdict.lines())
        .contains("  changed (1):", "  missing (1):", "    b", "  not signed (25):")
        .containsSubsequence(
            "    ... and 5 more",
            "  nothing that was signed is there as it was signed, so the signature is perhaps one of"
                + " another model",
            "  signed by    key " + signer);
    assertThat(verdict.explanation()).isPresent();
    assertThat(verdict.advice()).isPresent();
    assertThat(verdict.toJson())
        .startsWith("{\"verified\":false,")
        .contains("\"reason\":\"MODEL_MISMATCH\"")
        .contains("\"signer\":{\"method\":\"KEY\",\"name\":\"" + signer)
        .contains("{\"name\":\"more9\",\"kind\":\"FILE\",\"modified\":\"");
  }

  private static void says(Rule rule, String reason, String message, Exception failure) {
    Verdict verdict = Verdict.failed(NOWHERE, failure);
    assertThat(verdict.isVerified()).isFalse();
    assertThat(verdict.headline()).isEqualTo(message);
    assertThat(verdict.lines()).isEmpty();
    assertThat(verdict.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo(rule);
          assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        });
    assertThat(verdict.toJson())
        .startsWith("{\"verified\":false,\"schemaVersion\":1,\"toolVersion\":\"")
        .contains(
            "\"model\":\"model\",\"reason\":\"" + reason + "\",\"message\":\"" + message + "\",");
  }

  @Test
  void ofFailuresOfEveryKind() {
    says(
        Reason.REVOKED.rule(),
        "REVOKED",
        "it was revoked",
        new VerificationException(Reason.REVOKED, "it was revoked"));
    says(Rules.MALFORMED_BUNDLE, "MALFORMED_BUNDLE", "no", new MalformedBundleException("no"));
    says(
        Rules.IO_ERROR,
        "IO_ERROR",
        "a.sig: no such file or directory",
        new NoSuchFileException("a.sig"));
    says(Rules.IO_ERROR, "IO_ERROR", "gone", new IOException("gone"));
    for (UnusableTrustException.Kind kind : UnusableTrustException.Kind.values()) {
      says(kind.rule(), kind.rule().code(), "no", new UnusableTrustException(kind, "no"));
    }
    Rule foreign = new Rule("acme/NO_QUOTE", Severity.ERROR, "title", "help");
    says(foreign, "acme/NO_QUOTE", "no quote", new VerificationException(foreign, "no quote"));
  }

  @Test
  void isNoneForADefect() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Verdict.failed(NOWHERE, new IllegalStateException("broken")));
  }

  /** The object of the signer has no member twice, which the reader would refuse. */
  @Test
  void ofAMethodOfAThirdPartyCanBeRead() throws Exception {
    OtherIdentity identity =
        new OtherIdentity("acme", "some \"host\"", Map.of("hardwareModel", "H1"));
    BundleVerifier acme =
        bundle ->
            VerifiedPayload.assertion(
                bundle.envelope().payload(), PayloadEncoding.PAE, identity, List.of(), List.of());
    String json =
        Verdict.of(ModelVerifier.using(acme).examine(DirectorySource.of(model), signature))
            .toJson();
    assertThat(signerFields(json)).containsExactly("method", "name", "details", "hardwareModel");
  }

  private static List<String> signerFields(String json) throws MalformedJsonException {
    List<String> fields = new ArrayList<>();
    return JsonReader.read(
        "verdict",
        json.strip().getBytes(StandardCharsets.UTF_8),
        1000,
        reader -> {
          reader.object(name -> {
            if (name.equals("signer")) {
              reader.object(field -> {
                fields.add(field);
                if (field.equals("details")) {
                  reader.object(detail -> {
                    fields.add(detail);
                    reader.string();
                  });
                } else {
                  reader.string();
                }
              });
            } else {
              reader.skip();
            }
          });
          return fields;
        });
  }
}
