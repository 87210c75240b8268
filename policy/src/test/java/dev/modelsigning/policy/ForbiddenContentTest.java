package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.policy.result.Requirement;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models must not have. */
class ForbiddenContentTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
  }

  @Test
  void refusesWhatTheSignerLeftOut() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { ignored-paths: all-but-git } }
        """);
    Files.writeString(scene.model.resolve("extra.py"), "import os");
    Files.createDirectory(scene.model.resolve(".git"));
    scene.write(
        ModelSigner.using(scene.byKey("alice"))
            .withHasher(
                ModelHasher.builder()
                    .reading(Reading.withDefaults().ignorePath("extra.py"))
                    .build())
            .sign(scene.model),
        "fraud/model.sig");

    assertThat(scene.refused("forbid.ignored-paths").why()).contains("leaves out extra.py");
    assertThat(scene.verdict().uncovered()).isEmpty();
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    assertThat(scene.accepted().uncovered())
        .extracting(UncoveredEntry::name)
        .containsExactly(".git", "extra.py");
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { ignored-paths: all-but-git } }
        """);
    Files.delete(scene.model.resolve("extra.py"));
    scene.accepted();
  }

  @Test
  void refusesLinks() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { symlinks: true } }
        """);
    Files.createSymbolicLink(scene.model.resolve("link.json"), Path.of("config.json"));
    scene.write(
        ModelSigner.using(scene.byKey("alice"))
            .withHasher(
                ModelHasher.builder().reading(Reading.withDefaults().allowSymlinks(true)).build())
            .sign(scene.model),
        "fraud/model.sig");

    assertThat(scene.refused("forbid.symlinks").why()).contains("the model has links: link.json");
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.accepted();
  }

  @Test
  void cannotExcludeLinksInWhatWasLeftOut() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { symlinks: true } }
        """);
    Files.createDirectory(scene.model.resolve("cache"));
    Files.createSymbolicLink(scene.model.resolve("cache/link"), Path.of("/etc"));
    scene.signPart("alice", "cache", "fraud/model.sig");

    assertThat(scene.refused("forbid.symlinks").why()).contains("cache");
  }

  @Test
  void saysThatGitsFilesWereNotSearched() throws Exception {
    scene.rules(
        """
        - match: "**"
          signatures: { of: [alice] }
          forbid: { ignored-paths: all-but-git, symlinks: true, code: all }
        """);
    Files.createDirectories(scene.model.resolve(".git/hooks"));
    Files.writeString(scene.model.resolve(".git/hooks/evil.py"), "import os");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    PolicyVerdict verdict = scene.accepted();

    for (String code : List.of("forbid.symlinks", "forbid.code")) {
      assertThat(Scene.row(verdict, code).why())
          .isEqualTo("git's own files were not searched: .git");
    }
  }

  @Test
  void refusesCode() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { code: [python, pickle] } }
        """);
    Files.writeString(scene.model.resolve("modeling.py"), "import os");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    assertThat(scene.refused("forbid.code").why()).contains("modeling.py (python)");
  }

  @Test
  void acceptsUnsignedFilesIfTheyAreAllowed() throws Exception {
    scene.rules(
        """
        - { match: "**", signatures: { of: [alice] }, forbid: { unsigned-files: false } }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Files.writeString(scene.model.resolve("notes.txt"), "1");
    scene.accepted();

    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    assertThat(scene.refused("forbid.unsigned-files").why()).contains("notes.txt");
  }

  @Test
  void failsForAFileThatWasNamedAndIsNotThere() throws Exception {
    Policy policy = Policy.load(scene.rules("- { match: \"**\", signatures: { of: [alice] } }"));
    Path signature = scene.sign(scene.byKey("alice"), "fraud/model.sig");
    Path absent = scene.directory.resolve("absent");
    ModelRequest request = ModelRequest.of(scene.model);
    assertThat(policy.examine(request.signatures(List.of(signature))).isVerified()).isTrue();

    for (ModelRequest wrong :
        List.of(
            request.signatures(List.of(signature, absent)),
            request.claims(List.of(absent)),
            ModelRequest.of(absent))) {
      assertThatThrownBy(() -> policy.examine(wrong))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(absent.toString());
    }
  }

  @Test
  void countsGitsFilesAsLeftOutIfNothingMayBe() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] }, forbid: { ignored-paths: all } }");
    scene.sign(scene.byKey("alice"), "fraud/model.sig");
    scene.accepted();

    Files.createDirectories(scene.model.resolve(".git/hooks"));
    Files.writeString(scene.model.resolve(".git/hooks/post-merge"), "exit 1");
    Files.writeString(scene.model.resolve(".gitattributes"), "*.bin binary");

    assertThat(scene.refused("forbid.ignored-paths").why())
        .contains("leaves out .git, .gitattributes");
  }

  @Test
  void showsWhatARuleRequiresThatAsksForNoSignature() throws Exception {
    scene.rules(
        """
        - match: "**"
          mode: warn
          pin: { digest: "sha256:%s" }
          algorithms: { hash: sha256, signature: ECDSA P-256 }
          max-age: 1d
          forbid: { ignored-paths: all, symlinks: true, code: [pickle, python] }
        """
            .formatted("0".repeat(64)));

    PolicyVerdict verdict = scene.verdict();

    assertThat(verdict.requirements())
        .extracting(Requirement::code, Requirement::met)
        .containsExactly(
            tuple("match", true),
            tuple("algorithms.hash", false),
            tuple("algorithms.signature", false),
            tuple("pin", false),
            tuple("forbid.ignored-paths", false),
            tuple("forbid.symlinks", true),
            tuple("forbid.code", true),
            tuple("max-age", false));
    assertThat(Scene.row(verdict, "pin").why()).contains("the root digest is sha256:");
    assertThat(verdict.isVerified()).isFalse();

    Files.writeString(scene.model.resolve("run.py"), "import os");
    verdict = scene.verdict();
    assertThat(Scene.row(verdict, "forbid.code").why()).isEqualTo("found run.py (python)");
    Files.createSymbolicLink(scene.model.resolve("link"), Path.of("config.json"));
    verdict = scene.verdict();
    assertThat(Scene.row(verdict, "forbid.symlinks").why()).isEqualTo("the model has links: link");
  }

  @Test
  void takesTheSignatureOfAnybodyWhereARuleAsksForNone() throws Exception {
    scene.rules(
        """
        - match: "**"
          mode: warn
          algorithms: { hash: sha256 }
          max-age: 1d
          forbid: { ignored-paths: all, symlinks: true, code: [pickle] }
        """);
    scene.sign(scene.byKey("alice"), "fraud/model.sig");

    PolicyVerdict verdict = scene.verdict();

    assertThat(verdict.unmet()).extracting(Requirement::code).containsExactly("max-age");
    assertThat(Scene.row(verdict, "algorithms.hash").by()).containsExactly("alice");
    assertThat(verdict.isVerified()).isFalse();
    assertThat(verdict.isRefused()).isFalse();
  }
}
