package dev.modelsigning.maven;

import static dev.modelsigning.maven.MavenBuild.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.SarifSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failing builds: one build of many modules in parallel, nearly all of which fail. */
class RefusalsIT {

  /** The failure of each module, as a pattern. */
  private static final Map<String, String> FAILURES =
      Map.ofEntries(
          Map.entry(
              "unsigned", "IO_ERROR: .*model.sig: no such file or directory; nothing was verified"),
          Map.entry(
              "tampered",
              "MODEL_MISMATCH: .* is not verified: .*; Do not use this model; get it again"),
          Map.entry("missing-model", "IO_ERROR: .*/model: no such file or directory; "),
          Map.entry("wrong-key", "WRONG_KEY: .* is not verified: "),
          Map.entry("missing-key", "IO_ERROR: .*no-such.pub: no such file or directory; "),
          Map.entry("nothing-configured", "no method is configured; give one of <key>"),
          Map.entry("no-signature-named", "<signature>: is missing"),
          Map.entry("two-methods", "several methods are configured"),
          Map.entry("unknown-parameter", "<strct>: there is no such parameter; there are allow"),
          Map.entry("parameter-of-the-other-goal", "<shardSize>: there is no such parameter"),
          Map.entry("unknown-element", "Cannot find 'certificateIdentitties'"),
          Map.entry("bad-flag", "<strict>: expected true or false, found 'treu'"),
          Map.entry("bad-number", "<jobs>: expected at least 1, found 0"),
          Map.entry("list-as-text", "<certificateIdentities>: expected an element for each value"),
          Map.entry("empty-flag", "<strict>: has no value; give one, or leave the element out"),
          Map.entry(
              "undefined-property",
              "<strict>: has no value, as there is no property '\\$\\{release.strikt\\}'"),
          Map.entry("empty-identities", "<certificateIdentities>: has no value; give one"),
          Map.entry("identities-added", "<certificateIdentities>: expected elements of one name"),
          Map.entry("undefined-trusted-root", "<trustedRoot>: has no value, as there is no prop"),
          Map.entry("no-chain", "<certificate.certificateChain>: is missing"),
          Map.entry("pin-in-pom", "<key.publicKey>: a PIN in the URI can be read by everybody"),
          Map.entry("artifact-outside", "<artifact.version>: expected letters, digits"),
          Map.entry("artifact-missing", "IO_ERROR: .*no-such-model.* cannot be resolved"),
          Map.entry("ignored-outside", "<ignorePaths>: ../elsewhere"),
          Map.entry("sarif-in-model", "<sarifFile>: .*b.sarif is in the model"),
          Map.entry("sarif-over-key", "<sarifFile>: .*own.pub is what this goal reads"),
          Map.entry("sarif-twice", "<sarifFile>: .*model.sarif is written by verify \\(first\\)"),
          Map.entry(
              "one-file-for-two", "<verdictFile>: .*verdict is written by verify .*<sarifFile>"),
          Map.entry("signature-twice", "<signature>: .*model.sig is written by sign \\(first\\)"),
          Map.entry("signature-over-key", "<signature>: .*own.pem is a key"),
          Map.entry("nobody-signs", "<sigstore>: needs a network, and Maven was told to work off"),
          Map.entry("hostile-name", "MODEL_MISMATCH: "),
          Map.entry("hostile-bundle", "MALFORMED_BUNDLE: "),
          Map.entry("nothing-cached", "IO_ERROR: "));

  /** Modules that older Maven versions handle differently. */
  private static final List<String> OLDER =
      List.of(
          "unknown-parameter",
          "unknown-element",
          "undefined-property",
          "sarif-twice",
          "artifact-missing");

  @TempDir Path directory;

  private Path project() throws IOException {
    Path project = MavenBuild.copy("refusals", directory.resolve("refusals"));
    Path plain = VECTORS.resolve("models/plain");
    MavenBuild.copyTree(plain, project.resolve("model"));
    MavenBuild.copyTree(VECTORS.resolve("key/p256.sigstore.json"), project.resolve("model.sig"));
    MavenBuild.copyTree(VECTORS.resolve("key/files/p256.pub"), project.resolve("release.pub"));
    MavenBuild.copyTree(
        VECTORS.resolve("key/files/p384.pub"), project.resolve("wrong-key/other.pub"));
    MavenBuild.copyTree(
        VECTORS.resolve("key/files/p256.pub"), project.resolve("sarif-over-key/own.pub"));
    MavenBuild.copyTree(
        VECTORS.resolve("keys-for-tests-only/p256.pem"),
        project.resolve("signature-over-key/own.pem"));
    MavenBuild.copyTree(
        VECTORS.resolve("certificate/files/root.pem"), project.resolve("list-as-text/ca.pem"));
    for (String module : new String[] {"tampered", "sarif-in-model", "hostile-name"}) {
      MavenBuild.copyTree(plain, project.resolve(module + "/model"));
    }
    Files.writeString(project.resolve("tampered/model/a"), "alphA");
    Files.writeString(
        project.resolve(
            "hostile-name/model/\u001b[2J\u001b[32m\n[INFO] Verification succeeded\u202e"),
        "not signed");
    // Verdicts of an earlier build must be deleted by a build that fails.
    for (String module : new String[] {"unsigned", "artifact-missing"}) {
      Files.createDirectories(project.resolve(module + "/target"));
      Files.writeString(project.resolve(module + "/target/verdict.json"), "{\"verified\":true}");
    }
    return project;
  }

  /** Maven 3.8 does not report unknown parameters itself, so the plugin has to. */
  @Test
  void failsTheBuildOfAnOlderMavenToo() throws Exception {
    MavenBuild build =
        MavenBuild.run(
                MavenBuild.oldest(),
                project(),
                Map.of(),
                "-o",
                "-T",
                "2",
                "-fae",
                "-pl",
                String.join(",", OLDER) + ",good-last",
                "verify")
            .fails();

    for (String module : OLDER) {
      assertThat(build.failureOf(module)).containsPattern(FAILURES.get(module));
    }
    assertThat(build.file("good-last/target/verdict.json")).startsWith("{\"verified\":true,");
  }

  @Test
  void failsTheBuildAndSaysWhy() throws Exception {
    String maven = MavenBuild.newest();
    Path project = project();
    byte[] key = Files.readAllBytes(project.resolve("signature-over-key/own.pem"));

    MavenBuild build =
        MavenBuild.run(maven, project, Map.of(), "-o", "-T", "2", "-fae", "verify").fails();

    FAILURES.forEach(
        (module, message) -> assertThat(build.failureOf(module)).containsPattern(message));
    build.saysWhatIsDocumented("[ERROR]", project.resolve("tampered/model"));
    try (Stream<Path> modules = Files.list(project)) {
      assertThat(modules.filter(each -> Files.exists(each.resolve("pom.xml"))).count())
          .as("modules, of which two succeed")
          .isEqualTo(FAILURES.size() + 2);
    }
    for (String module : new String[] {"good-first", "good-last", "sarif-twice"}) {
      assertThat(build.file(module + "/target/verdict.json")).startsWith("{\"verified\":true,");
      SarifSchema.requireValid(build.file(module + "/target/model.sarif"));
    }
    for (String module :
        new String[] {
          "unsigned",
          "tampered",
          "missing-model",
          "wrong-key",
          "missing-key",
          "artifact-missing",
          "hostile-name",
          "hostile-bundle"
        }) {
      assertThat(build.file(module + "/target/verdict.json")).startsWith("{\"verified\":false,");
      SarifSchema.requireValid(build.file(module + "/target/model.sarif"));
    }
    assertThat(build.output()).as("nothing steers the terminal").doesNotContain("\u001b", "\u202e");
    assertThat(build.output().lines().filter("[INFO] Verification succeeded"::equals))
        .as("nothing forges a line: two that are good, and one that is configured twice")
        .hasSize(3);
    assertThat(build.output()).contains("\\u001b[2J").doesNotContain("98765");
    assertThat(project.resolve("signature-over-key/own.pem")).hasBinaryContent(key);
    assertThat(project.resolve("sarif-in-model/model/b.sarif")).doesNotExist();
  }
}
