package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rule is about a model. */
class RuleChoiceTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
  }

  @Test
  void refusesWhatNoRuleMatches() throws Exception {
    scene.rules(
        """
        - { match: "vendor/**", signatures: { of: [alice] } }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(scene.refused("match").why()).contains("no rule of", "matches fraud/v3");
    assertThat(scene.verdict().reason().orElseThrow().rule()).isEqualTo(PolicyRules.NO_POLICY_RULE);
  }

  @Test
  void appliesTheFirstRuleThatMatches() throws Exception {
    scene.rules(
        """
        - { match: "fraud/*", signatures: { of: [bob] } }
        - { match: "**", signatures: { of: [alice] } }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    scene.refused("signatures");
  }

  @Test
  void refusesAModelOutsideOfThePolicysDirectory(@TempDir Path elsewhere) throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Path other = Files.createDirectory(elsewhere.toRealPath().resolve("model"));
    Files.writeString(other.resolve("a"), "a");

    PolicyVerdict verdict = scene.verdict(other);

    assertThat(verdict.isRefused()).isTrue();
    assertThat(verdict.name()).isEmpty();
    assertThat(Scene.row(verdict, "match").why())
        .isEqualTo(
            "the model is not below "
                + scene.directory
                + ", the directory of the policy, so it has no name that a rule could match");
    assertThat(Scene.row(verdict, "match").next()).startsWith("name the directory");
  }

  @Test
  void resolvesALinkBeforeTwoDots() throws Exception {
    scene.rules(
        """
        - { match: "sandbox/**", mode: warn }
        - { match: "**", signatures: { of: [bob] } }
        """);
    Path sandbox = Files.createDirectories(scene.directory.resolve("sandbox/deep"));
    Files.createSymbolicLink(
        scene.directory.resolve("sandbox/link"), scene.directory.resolve("fraud/v3"));

    PolicyVerdict verdict = scene.verdict(sandbox.getParent().resolve("link/../v3"));

    assertThat(verdict.name()).hasValue("fraud/v3");
    assertThat(verdict.isRefused()).isTrue();
  }

  @Test
  void neverVerifiesByARuleThatOnlyWarns() throws Exception {
    scene.rules(
        """
        - { match: "**", mode: warn, signatures: { of: [alice] } }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    PolicyVerdict verdict = scene.verdict();

    assertThat(verdict.unmet()).isEmpty();
    assertThat(verdict.isVerified()).isFalse();
    assertThat(verdict.isRefused()).isFalse();
    assertThatThrownBy(
            () -> Policy.load(scene.directory.resolve("policy.yaml")).verify(scene.model))
        .isInstanceOf(RefusedModelException.class)
        .hasMessageContaining("only warns");
  }

  @Test
  void comparesThePatternWithTheNameThatTheCallerGives() throws Exception {
    Path file =
        scene.rules(
            """
            - { match: "hub/acme/*", signatures: { of: [alice] } }
            - { match: "**", signatures: { of: [bob] } }
            """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Policy policy = Policy.load(file);
    ModelRequest request = ModelRequest.of(scene.model);

    PolicyVerdict verdict = policy.examine(request.name("hub/acme/v3"));
    assertThat(verdict.isVerified()).isTrue();
    assertThat(verdict.name()).hasValue("hub/acme/v3");
    assertThat(verdict.rule().orElseThrow().number()).isZero();
    assertThat(policy.examine(request).isRefused()).isTrue();
    // A name is compared as it is, and not resolved.
    assertThat(policy.examine(request.name("hub/acme/../acme/v3")).isRefused()).isTrue();
  }
}
