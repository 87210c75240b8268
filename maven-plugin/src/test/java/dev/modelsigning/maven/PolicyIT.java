package dev.modelsigning.maven;

import static dev.modelsigning.maven.MavenBuild.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.attestation.AttestationSigner;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.testing.SarifSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that a policy decides on: one build of many modules in parallel. */
class PolicyIT {

  private static final Path KEY = VECTORS.resolve("keys-for-tests-only/p256.pem");

  /** Of these the build goes on. */
  private static final List<String> GOING_ON =
      List.of("accepted", "files-named", "below-root", "warned");

  /** The failure of each other module, as a pattern. */
  private static final Map<String, String> FAILURES =
      Map.ofEntries(
          Map.entry(
              "refused",
              "POLICY_NOT_MET: .*/models/two-people is not verified: not met: signed by at least 2 of"
                  + " release, testing \\(signed by release only\\); signed in the last 30d \\("),
          Map.entry("tampered", "POLICY_NOT_MET: .*/models/changed is not verified: not met: "),
          Map.entry("without-rule", "NO_POLICY_RULE: .*/models/other is not verified: not met: "),
          Map.entry(
              "outside",
              "NO_POLICY_RULE: .*not below .*/outside, the directory of the policy, .*; <policyRoot> is"),
          Map.entry(
              "outside-root",
              "NO_POLICY_RULE: .*not below .*/outside-root, the directory that models are named below"),
          Map.entry("missing-root", "IO_ERROR: .*no-such: does not exist, expected the directory"),
          Map.entry("root-alone", "<policyRoot>: is for a <policy>, and there is none"),
          Map.entry("signatures-twice", "<signatures>: excludes <signature>"),
          Map.entry(
              "other-policy",
              "OTHER_POLICY: .* is not verified: .*expected sha256:[0-9a-f]{64}, found sha256:"),
          Map.entry("no-digest", "<policyDigest>: expected 'sha256:' and 64 hexadecimal digits"),
          Map.entry(
              "malformed",
              "MALFORMED_POLICY: .*policy.yaml:6: models\\[0\\].signatures.atleast: unknown field"),
          Map.entry("missing", "IO_ERROR: .*no-such.yaml: no such file or directory; nothing was"),
          Map.entry("missing-model", "IO_ERROR: .*/models/no-such: no such file or directory; "),
          Map.entry(
              "missing-claims", "IO_ERROR: .* is not verified: .*no-such.jsonl: no such file"),
          Map.entry("beside-method", "<policy>: excludes <key>, <certificate> and <sigstore>"),
          Map.entry("beside-empty-method", "<policy>: excludes <key>, <certificate> and <sigst"),
          Map.entry("beside-strict", "<strict>: excludes <policy>"),
          Map.entry("beside-ignored", "<ignorePaths>: excludes <policy>"),
          Map.entry("beside-artifact", "<artifact>: excludes <policy>"),
          Map.entry("without-model", "<model>: is missing"),
          Map.entry("claims-alone", "<claims>: is for a <policy>, and there is none"),
          Map.entry("claims-as-text", "<claims>: expected an element for each value, found a text"),
          Map.entry("verdict-over-policy", "<verdictFile>: .*own.yaml is what this goal reads"));

  @TempDir Path directory;

  private Path project() throws Exception {
    Path project = MavenBuild.copy("policy", directory.resolve("policy"));
    Path models = project.resolve("models");
    for (String model : new String[] {"fraud", "two-people", "sandbox", "other"}) {
      MavenBuild.copyTree(VECTORS.resolve("models/plain"), models.resolve(model));
    }
    MavenBuild.copyTree(VECTORS.resolve("models/changed"), models.resolve("changed"));
    MavenBuild.copyTree(VECTORS.resolve("key/files/p256.pub"), project.resolve("release.pub"));
    MavenBuild.copyTree(VECTORS.resolve("key/files/p384.pub"), project.resolve("testing.pub"));
    MavenBuild.copyTree(
        VECTORS.resolve("key/files/p256.pub"), project.resolve("below-root/release.pub"));
    Path model = models.resolve("fraud");
    Path signature = models.resolve("fraud.sig");
    ModelSigner.using(KeySigner.load(KEY)).sign(model, signature);
    ModelSigner.using(KeySigner.load(KEY))
        .sign(models.resolve("changed"), project.resolve("below-root/unrelated.sig"));
    ClaimsFile.append(
        models.resolve("claims.jsonl"),
        AttestationSigner.using(KeySigner.load(VECTORS.resolve("keys-for-tests-only/p384.pem")))
            .sign(
                ModelVerifier.using(KeyVerifier.load(project.resolve("release.pub")))
                    .verify(model, signature),
                PredicateType.of("test-result").uri(),
                "{\"result\":\"PASSED\",\"configuration\":[]}")
            .bundle());
    MavenBuild.copyTree(models.resolve("claims.jsonl"), project.resolve("stated.jsonl"));
    return project;
  }

  /** Maven 3.8 does not report unknown parameters itself, so the plugin has to know these. */
  @Test
  void decidesInABuildOfAnOlderMavenToo() throws Exception {
    MavenBuild build =
        MavenBuild.run(
                MavenBuild.oldest(),
                project(),
                Map.of(),
                "-o",
                "-fae",
                "-pl",
                "accepted,warned,other-policy,claims-as-text",
                "verify")
            .fails();

    for (String module : new String[] {"other-policy", "claims-as-text"}) {
      assertThat(build.failureOf(module)).containsPattern(FAILURES.get(module));
    }
    assertThat(build.file("accepted/target/verdict.json")).contains("\"verified\":true");
    assertThat(build.file("warned/target/verdict.json")).contains("\"verified\":false");
  }

  @Test
  void failsWhereThePolicyRefusesAndSaysWhichRequirementsAreNotMet() throws Exception {
    MavenBuild build =
        MavenBuild.run(MavenBuild.newest(), project(), Map.of(), "-o", "-T", "2", "-fae", "verify")
            .fails();

    FAILURES.forEach(
        (module, message) -> assertThat(build.failureOf(module)).containsPattern(message));
    assertThat(build.output().lines().filter("[INFO] Verification succeeded"::equals))
        .as("never of a model that is only warned of")
        .hasSize(3);
    assertThat(build.output())
        .contains("[WARNING] Not verified: the policy only warns of this model")
        .contains("[WARNING] POLICY_WARNS: ")
        .contains("[ERROR] POLICY_NOT_MET: ")
        .containsPattern("\\[ERROR\\] +NOT MET +signed by at least 2 of release, testing")
        .containsPattern("\\[INFO\\] +met +");
    requireVerdicts(build);
    try (Stream<Path> modules = Files.list(build.directory())) {
      assertThat(modules.filter(each -> Files.exists(each.resolve("pom.xml"))).count())
          .isEqualTo(FAILURES.size() + GOING_ON.size());
    }
  }

  private static void requireVerdicts(MavenBuild build) throws IOException {
    for (String module :
        new String[] {
          "accepted",
          "warned",
          "refused",
          "tampered",
          "without-rule",
          "other-policy",
          "malformed",
          "missing",
          "missing-model"
        }) {
      assertThat(build.file(module + "/target/verdict.json"))
          .as(module)
          .contains("\"verified\":" + module.equals("accepted"));
      SarifSchema.requireValid(build.file(module + "/target/model.sarif"));
    }
  }
}
