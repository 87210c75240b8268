package dev.modelsigning.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.predicate.MalformedPredicateException;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports about signing and hashing, as a program has them that is no command line. */
class SigningReportTest {

  @TempDir private Path directory;

  private Path model;
  private Path signature;
  private SignedModel signed;

  /** A model with something to find: a link that leads out of it. */
  @BeforeEach
  void sign() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    signature = directory.resolve("model.sig");
    Files.writeString(model.resolve("a"), "alpha");
    Files.createSymbolicLink(
        model.resolve("link"), Files.writeString(directory.resolve("outside"), "x"));
    Path key = directory.resolve("key.pem");
    KeyPairFiles.generate(EcdsaScheme.P256, key, directory.resolve("key.pub"));
    signed = ModelSigner.using(KeySigner.load(key)).withHasher(hasher()).sign(model, signature);
  }

  private static ModelHasher hasher() {
    return ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(true)).build();
  }

  @Test
  void ofAModelThatWasSigned() throws Exception {
    SigningReport report = SigningReport.of("m", signed, signature, true);

    assertThat(report.isSigned()).isTrue();
    assertThat(report.headline()).isEqualTo("Signing succeeded");
    assertThat(report.reason()).isEmpty();
    assertThat(report.findings())
        .singleElement()
        .matches(finding -> finding.rule().equals(Rules.LINK_LEAVES_MODEL));
    assertThat(report.facts().facts())
        .extracting(Fact::label)
        .containsExactly("signature", "signer", "algorithm", "files", "digest", "not covered");
    assertThat(report.toJson())
        .startsWith("{\"signed\":true,\"schemaVersion\":1,")
        .contains("\"size\":" + Files.size(signature) + ",\"digest\":\"sha256:")
        .doesNotContain("verifyCommand")
        .endsWith("}\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    report.writeJson(bytes);
    assertThat(bytes.toString(StandardCharsets.US_ASCII)).isEqualTo(report.toJson());
  }

  @Test
  void hasTheCommandThatVerifiesIfOneIsKnown() {
    assertThat(
            SigningReport.of("m", signed, signature, false)
                .withVerifyCommand(List.of("verify", "a b"))
                .toJson())
        .endsWith(",\"verifyCommand\":[\"verify\",\"a b\"]}\n");
  }

  @Test
  void ofAModelThatWasNotSigned() {
    SigningReport report =
        SigningReport.failed("m", Finding.of(Rules.SIGNING_FAILED, "no token, PIN 1234"))
            .withMessages(text -> text.replace("1234", "(PIN)"));

    assertThat(report.isSigned()).isFalse();
    assertThat(report.facts().facts()).isEmpty();
    assertThat(report.headline()).isEqualTo("no token, PIN (PIN)");
    assertThat(report.toJson())
        .startsWith("{\"verified\":false,\"signed\":false,\"schemaVersion\":1,")
        .contains(
            "\"model\":\"m\",\"reason\":\"SIGNING_FAILED\",\"message\":\"no token, PIN (PIN)\"")
        .doesNotContain("1234");
  }

  @Test
  void rewritesTheMessagesOfFindings() throws Exception {
    assertThat(SigningReport.of("m", signed, signature, false).withMessages(text -> "-").warnings())
        .extracting(Finding::message)
        .containsExactly("-");
    DigestReport digest = new DigestReport("m", hasher().hash(model)).withMessages(text -> "-");
    assertThat(digest.findings()).extracting(Finding::message).containsExactly("-");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    digest.writeJson(bytes);
    assertThat(bytes.toString(StandardCharsets.US_ASCII))
        .startsWith("{\"schemaVersion\":1,")
        .contains("\"digest\":\"" + signed.content().manifest().rootDigest() + "\"")
        .endsWith("\"warnings\":[\"-\"]}\n");
  }

  @Test
  void failuresHaveTheRulesThatTheyAreBy() {
    assertThat(FailureReason.rule(new SigningException("x"))).contains(Rules.SIGNING_FAILED);
    assertThat(FailureReason.rule(new IOException("x"))).contains(Rules.IO_ERROR);
    assertThat(FailureReason.rule(new UncheckedIOException(new IOException("x"))))
        .contains(Rules.IO_ERROR);
    assertThat(FailureReason.rule(new MalformedPredicateException("x")))
        .contains(Rules.MALFORMED_PREDICATE);
    assertThat(FailureReason.rule(new MalformedBundleException("x")))
        .contains(Rules.MALFORMED_BUNDLE);
    assertThat(FailureReason.rule(new VerificationException(Reason.WRONG_KEY, "x")))
        .contains(Reason.WRONG_KEY.rule());
    for (UnusableTrustException.Kind kind : UnusableTrustException.Kind.values()) {
      assertThat(FailureReason.rule(new UnusableTrustException(kind, "x"))).contains(kind.rule());
    }
    assertThat(FailureReason.rule(new IllegalStateException("x"))).isEmpty();
    assertThat(FailureReason.of(new SigningException("x")))
        .hasValueSatisfying(why -> assertThat(why.message()).isEqualTo("x"));
    assertThat(FailureReason.of(new Error("x"))).isEmpty();
  }
}
