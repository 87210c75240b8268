package dev.modelsigning.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory that models are named below. */
class NamedBelowTest {

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void prepare() throws Exception {
    scene = Scene.in(directory.toRealPath());
  }

  @Test
  void namesModelsBelowAnotherDirectory() throws Exception {
    scene.rules("- { match: v3, signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/v3.sig");
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml"));
    Path root = scene.directory.resolve("fraud");

    assertThat(scene.verdict().name()).hasValue("fraud/v3");
    for (Path named :
        List.of(scene.model, root.resolve("./v3"), root.resolve("../fraud/v3/../v3"))) {
      PolicyVerdict verdict = policy.namedBelow(root).examine(ModelRequest.of(named));
      assertThat(verdict.name()).as("%s", named).hasValue("v3");
      assertThat(verdict.isVerified()).isTrue();
    }
  }

  @Test
  void resolvesLinksInTheNameBelowAnotherDirectory(@TempDir Path elsewhere) throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/v3.sig");
    Path link = elsewhere.toRealPath().resolve("link");
    Files.createSymbolicLink(link, scene.directory);
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml")).namedBelow(link);

    assertThat(policy.examine(ModelRequest.of(scene.model)).name()).hasValue("fraud/v3");
    assertThat(policy.examine(ModelRequest.of(link.resolve("fraud/v3"))).name())
        .hasValue("fraud/v3");
    assertThat(policy.examine(ModelRequest.of(link.resolve("fraud/../fraud/v3"))).name())
        .hasValue("fraud/v3");
  }

  @Test
  void refusesAModelOutsideOfTheDirectoryThatIsNamed(@TempDir Path elsewhere) throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    scene.sign(scene.byKey("alice"), "fraud/v3.sig");
    Path root = Files.createDirectory(elsewhere.toRealPath().resolve("models"));
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml")).namedBelow(root);

    for (Path model : List.of(scene.model, root, root.resolve("../models"))) {
      PolicyVerdict verdict = policy.examine(ModelRequest.of(model));
      assertThat(verdict.isRefused()).isTrue();
      assertThat(verdict.name()).isEmpty();
      assertThat(Scene.row(verdict, "match").why())
          .isEqualTo(
              "the model is not below "
                  + root
                  + ", the directory that models are named below, so it has no name that a rule could"
                  + " match");
    }
  }

  @Test
  void refusesADirectoryForNamesThatIsNone() throws Exception {
    scene.rules("- { match: \"**\", signatures: { of: [alice] } }");
    Policy policy = Policy.load(scene.directory.resolve("policy.yaml"));

    assertThatThrownBy(() -> policy.namedBelow(scene.directory.resolve("gone")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("does not exist, expected the directory");
    assertThatThrownBy(() -> policy.namedBelow(scene.directory.resolve("policy.yaml")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is not a directory");
  }
}
