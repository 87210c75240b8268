package dev.modelsigning.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verification summaries: what is written, and what is accepted. */
class SummaryOfVerdictTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gate",
        "https:user:secret@h/x",
        "https://user:secret@my_host/x",
        "https://h/x?token=secret",
        "https:///x"
      })
  void publishesNoAddressThatMayHaveASecret(String uri) {
    VerificationSummary summary = VerificationSummary.withDefaults();

    assertThatThrownBy(() -> summary.verifier(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret");
  }

  @Test
  void acceptsTheSummaryOfAnotherVerifier() throws Exception {
    scene.requires("{ type: test-result, by: bob, result: PASSED }");
    scene.tested("bob", "PASSED");
    PolicyVerdict slow = scene.accepted();
    SignedPayload summary =
        VerificationSummary.withDefaults()
            .verifier("https://bank.example/gate")
            .sign(slow, scene.byKey("carol"));
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    Files.delete(claims);
    ClaimsFile.append(claims, summary.bundle());

    fast("https://bank.example/gate", slow.policy().sha256(), "1h");
    assertThat(Scene.row(scene.accepted(), "attestations[0].verifier").met()).isTrue();
    fast("https://bank.example/other", slow.policy().sha256(), "1h");
    assertThat(scene.refused("attestations[0].verifier").why()).contains("the verifier is");
    fast("https://bank.example/gate", "0".repeat(64), "1h");
    assertThat(scene.refused("attestations[0].policy-digest").why())
        .contains("the digest of the policy is");
  }

  /** One of the future is never written, as the form of the predicate refuses it. */
  @Test
  void acceptsNoSummaryThatIsTooOld() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    PolicyVerdict slow = scene.accepted();
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
    ClaimsFile.append(
        scene.directory.resolve("fraud/claims.jsonl"),
        VerificationSummary.withDefaults().clock(clock).sign(slow, scene.byKey("bob")).bundle());

    scene.requires("{ type: vsa, by: bob, max-age: 1h }");

    assertThat(scene.refused("attestations[0].max-age").why()).contains("more than 1h ago");
  }

  @Test
  void acceptsNoSummaryAboutTheSameContentByAnotherNameIfThatIsAskedFor() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path partner =
        Models.write(
            scene.directory.resolve("partner/v3"), "config.json", "{}", "weights.bin", "1234");
    Files.copy(
        scene.directory.resolve("fraud/model.sig"), scene.directory.resolve("partner/model.sig"));
    PolicyVerdict other = scene.verdict(partner);
    assertThat(other.isVerified()).isTrue();
    Path claims = scene.directory.resolve("fraud/claims.jsonl");
    ClaimsFile.append(
        claims, VerificationSummary.withDefaults().sign(other, scene.byKey("bob")).bundle());

    scene.requires("{ type: vsa, by: bob }");
    scene.accepted();
    scene.requires("{ type: vsa, by: bob, same-name: true }");
    assertThat(scene.refused("attestations[0].same-name").why()).contains("file:partner/v3");
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Bundle own =
        VerificationSummary.withDefaults().sign(scene.verdict(), scene.byKey("bob")).bundle();
    scene.requires("{ type: vsa, by: bob, same-name: true }");
    ClaimsFile.append(claims, own);
    scene.accepted();
  }

  private void fast(String verifier, String policy, String age) throws Exception {
    scene.policy(
        Scene.SIGNERS
            + """
              gate: { key: { public-key: keys/carol.pub } }
            models:
              - match: "**"
                signatures: { of: [alice] }
                attestations:
                  - { type: vsa, by: gate, verifier: "%s", policy-digest: "sha256:%s", max-age: %s }
            """
                .formatted(verifier, policy, age));
  }

  @Test
  void neverSaysPassedOfAModelThatIsNotVerified() throws Exception {
    scene.rules("- { match: \"**\", mode: warn, signatures: { of: [alice] } }");
    assertThat(VerificationSummary.withDefaults().predicate(scene.verdict()))
        .contains("\"verificationResult\":\"FAILED\"", "\"FAILED\"]")
        .doesNotContain("PASSED", scene.directory.toString());

    scene.rules("- { match: \"**\", signatures: { of: [bob] } }");
    PolicyVerdict refused = scene.verdict();
    Bundle bundle = VerificationSummary.withDefaults().sign(refused, scene.byKey("carol")).bundle();
    assertThat(refused.proof()).isEmpty();
    assertThat(new String(bundle.envelope().payload().content().toArray(), UTF_8))
        .contains(
            "\"FAILED\"",
            ModelHasher.withDefaults().hash(scene.model).manifest().rootDigest().hex(),
            "names-sha256");
  }

  private String attested(PolicyVerdict verdict) throws Exception {
    Bundle bundle = VerificationSummary.withDefaults().sign(verdict, scene.byKey("carol")).bundle();
    return new String(bundle.envelope().payload().content().toArray(), UTF_8);
  }

  @Test
  void hashesNoModelAgainWhoseDigestIsKnown() throws Exception {
    Path file = scene.rules("- { match: \"**\", signatures: { of: [alice] }, max-age: 1d }");
    CountedBytes counted = new CountedBytes();
    PolicyVerdict refused =
        Policy.load(file)
            .examine(
                ModelRequest.of(scene.model)
                    .reading(Reading.withDefaults().parallelism(1).progress(counted)));
    assertThat(refused.isRefused()).isTrue();
    assertThat(refused.subject()).isEmpty();

    assertThat(attested(refused))
        .contains(ModelHasher.withDefaults().hash(scene.model).manifest().rootDigest().hex());
    assertThat(counted.bytes()).isEqualTo(6);
  }

  @Test
  void hashesARefusedModelAsItWasReadForTheVerdict() throws Exception {
    Path file = scene.rules("- { match: \"**\", signatures: { of: [bob] } }");
    String digest = ModelHasher.withDefaults().hash(scene.model).manifest().rootDigest().hex();
    Files.writeString(scene.model.resolve("notes.txt"), "1");
    Path own = scene.directory.resolve("fraud/model.sig");
    Files.move(own, scene.model.resolve("model.sig"));

    PolicyVerdict refused =
        Policy.load(file)
            .examine(
                ModelRequest.of(scene.model)
                    .reading(Reading.withDefaults().ignorePath("notes.txt")));

    assertThat(refused.isRefused()).isTrue();
    // Neither what was not to be read, nor the signature that lies in the model.
    assertThat(attested(refused)).contains(digest);
  }

  /** Otherwise whoever puts it there would have the digest of the good model attested as FAILED. */
  @Test
  void hashesTheSignatureOfAnotherModelAsPartOfTheModelInWhichItLies() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    String digest = ModelHasher.withDefaults().hash(scene.model).manifest().rootDigest().hex();
    Path other = Models.write(scene.directory.resolve("fraud/v4"), "others.bin", "other");
    Path signature = scene.write(ModelSigner.using(scene.byKey("alice")).sign(other), "v4.sig");
    Files.move(signature, scene.model.resolve("v4.sig"));

    PolicyVerdict refused = scene.verdict();

    assertThat(refused.isRefused()).isTrue();
    assertThat(attested(refused)).contains("FAILED").doesNotContain(digest);
  }

  /**
   * The digest of a model with a file from elsewhere tells whoever knows the rest what is in it.
   */
  @Test
  void publishesNoDigestOfWhatALinkInARefusedModelLeadsTo() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [bob] } }");
    Path secret = Files.writeString(scene.directory.resolve("secret"), "pin 1234");
    Files.createSymbolicLink(scene.model.resolve("link"), secret);
    PolicyVerdict refused = scene.verdict();
    assertThat(refused.isRefused()).isTrue();

    assertThatThrownBy(() -> attested(refused))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("link");
  }
}
