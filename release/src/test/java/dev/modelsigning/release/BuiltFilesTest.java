package dev.modelsigning.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is collected for a release. */
class BuiltFilesTest {

  @TempDir private Path directory;
  private Path checkout;
  private Path release;

  @BeforeEach
  void writeCheckout() throws Exception {
    checkout = Checkout.write(directory.resolve("checkout"));
    release = directory.resolve("release");
  }

  private void copyAll() throws Exception {
    new BuiltFiles(checkout, Checkout.VERSION, release).copyAll();
  }

  @Test
  void collectsTheModulesInTheLayoutOfARepositoryAndThePackages() throws Exception {
    copyAll();

    String version = Checkout.VERSION;
    String maven = "maven/dev/modelsigning/";
    assertThat(Trees.files(release).stream().map(each -> release.relativize(each).toString()))
        .contains(
            "LICENSE",
            maven + "model-signing/" + version + "/model-signing-" + version + ".jar",
            maven + "model-signing/" + version + "/model-signing-" + version + ".pom",
            maven
                + "model-signing-sigstore/"
                + version
                + "/model-signing-sigstore-"
                + version
                + "-javadoc.jar",
            maven + "model-signing-bom/" + version + "/model-signing-bom-" + version + ".pom",
            maven + "model-signing-parent/" + version + "/model-signing-parent-" + version + ".pom",
            "model-signing_" + version + "_amd64.deb",
            "model-signing-" + version + "-image.tar.cdx.json",
            "model-signing-" + version + "-image.tar.digest")
        // LICENSE, 2 modules of 5 files, 2 POMs, 4 packages with SBOM, 1 digest
        .hasSize(1 + 2 * 5 + 2 + 4 * 2 + 1);
    assertThat(release.resolve(maven + "model-signing/" + version))
        .isDirectoryContaining("glob:**-sources.jar");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LICENSE",
        "core/target/model-signing-1.2.3-SNAPSHOT.jar",
        "core/target/model-signing-1.2.3-SNAPSHOT-javadoc.jar",
        "sigstore/target/model-signing-sigstore-1.2.3-SNAPSHOT-cyclonedx.json",
        "dist/target/model-signing_1.2.3-SNAPSHOT_amd64.deb",
        "dist/target/model-signing_1.2.3-SNAPSHOT_amd64.deb.cdx.json",
        "dist/target/model-signing-1.2.3-SNAPSHOT-linux-amd64.tar.gz",
        "dist/target/model-signing-1.2.3-SNAPSHOT.jar.cdx.json",
        "dist/target/model-signing-1.2.3-SNAPSHOT-image.tar.digest"
      })
  void refusesABuildInWhichAFileIsMissing(String file) throws Exception {
    Files.delete(checkout.resolve(file));

    assertThatThrownBy(this::copyAll)
        .isInstanceOf(ReleaseException.class)
        .hasMessageStartingWith("expected ");
  }

  @Test
  void refusesABomThatNamesAModuleThatThereIsNot() throws Exception {
    Files.delete(checkout.resolve("sigstore/pom.xml"));

    assertThatThrownBy(this::copyAll)
        .isInstanceOf(ReleaseException.class)
        .hasMessage(
            "bom/pom.xml names model-signing-sigstore, which is not a module of the checkout");
  }

  @Test
  void refusesABomThatNamesNothing() throws Exception {
    Files.writeString(checkout.resolve("bom/pom.xml"), "<project/>");

    assertThatThrownBy(this::copyAll)
        .isInstanceOf(ReleaseException.class)
        .hasMessageEndingWith("expected the modules that are published, found none");
  }
}
