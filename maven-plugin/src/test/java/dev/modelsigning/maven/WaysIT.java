package dev.modelsigning.maven;

import static dev.modelsigning.maven.MavenBuild.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.pkcs11.SoftHsm;
import dev.modelsigning.pkcs11.WithSoftHsm;
import dev.modelsigning.testing.SarifSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All methods of signing and verifying, in builds by real Mavens. */
class WaysIT {

  private static final String[] SKIPPING_TESTS = {
    "-DskipTests", "-Dmaven.test.skip=true", "-DskipITs"
  };

  @TempDir Path directory;

  /** The project with keys and models, which are copied from the test vectors. */
  private Path project() throws Exception {
    Path project = MavenBuild.copy("ways", directory.resolve("ways"));
    for (String module : new String[] {"key", "certificate", "keyless", "signing-certificate"}) {
      MavenBuild.copyTree(VECTORS.resolve("models/plain"), project.resolve(module + "/model"));
    }
    for (String module : new String[] {"key", "artifact", "consumer"}) {
      MavenBuild.copyTree(
          VECTORS.resolve("key/files/p256.pub"), project.resolve(module + "/release.pub"));
    }
    for (String module : new String[] {"certificate", "signing-certificate"}) {
      MavenBuild.copyTree(
          VECTORS.resolve("certificate/files/root.pem"), project.resolve(module + "/ca.pem"));
    }
    MavenBuild.copyTree(
        VECTORS.resolve("certificate/pin-e-mail.sigstore.json"),
        project.resolve("certificate/model.sig"));
    MavenBuild.copyTree(
        VECTORS.resolve("sigstore/rekor-2.sigstore.json"), project.resolve("keyless/model.sig"));
    MavenBuild.copyTree(
        VECTORS.resolve("sigstore/files/trusted-root.json"),
        project.resolve("keyless/trusted_root.json"));
    MavenBuild.copyTree(
        VECTORS.resolve("certificate/files/signer.pem"),
        project.resolve("signing-certificate/signer.pem"));
    MavenBuild.copyTree(
        VECTORS.resolve("certificate/files/issuing.pem"),
        project.resolve("signing-certificate/issuing.pem"));
    Files.writeString(project.resolve("signing-certificate/model/notes.txt"), "not signed");
    Files.writeString(project.resolve("producer/model.zip"), "a model in one file");
    installArtifact();
    return project;
  }

  private static void installArtifact() throws Exception {
    Path place = MavenBuild.repository().resolve("com/example/models/tiny/1.0");
    Files.createDirectories(place);
    Path model = Files.writeString(place.resolve("tiny-1.0.zip"), "a model in one file");
    ModelSigner.using(KeySigner.load(VECTORS.resolve("keys-for-tests-only/p256.pem")))
        .sign(model, place.resolve("tiny-1.0.zip.sig"));
  }

  static List<String> mavens() {
    return List.of(MavenBuild.oldest(), MavenBuild.newest());
  }

  @Test
  void testsTheVersionsOfMavenThatAreSupported() {
    assertThat(MavenBuild.oldest()).startsWith("3.8.");
    assertThat(MavenBuild.newest()).startsWith("3.9.");
  }

  /** In parallel, offline, and with all properties that skip tests. */
  @ParameterizedTest
  @MethodSource("mavens")
  void signsAndVerifiesInEachWay(String maven) throws Exception {
    String[] arguments = {"-o", "-T", "2", "verify"};
    MavenBuild build =
        MavenBuild.run(maven, project(), Map.of(), concat(arguments, SKIPPING_TESTS)).succeeds();

    assertThat(build.output())
        .contains("signer       key ", "signer       certificate release@example.com")
        .contains("signer       sigstore alice@example.com")
        .contains("files        1 file, 19 bytes, sha256")
        .contains("blake3 in shards of 2 bytes")
        .contains("[WARNING] PARTLY_HASHED: ")
        .contains("[WARNING] ANY_SIGNER: ")
        .contains("tiny-1.0.zip (signed as tiny-1.0.zip)")
        .contains("name the signer with <certificateIdentities> or <certificateFingerprints>");
    assertThat(build.output().split("\\[INFO\\] Verification succeeded", -1)).hasSize(7);
    assertThat(build.output().split("\\[INFO\\] Signing succeeded", -1)).hasSize(4);
    build.saysWhatIsDocumented("[INFO]", build.directory().resolve("key/model"));
    assertThat(build.file("key/target/model-verdict.json")).startsWith("{\"verified\":true,");
    SarifSchema.requireValid(build.file("key/target/model.sarif"));
  }

  private static String[] concat(String[] one, String[] other) {
    String[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @Test
  void skipsOnlyByItsOwnPropertyAndSaysSo() throws Exception {
    Path project = project();
    Files.writeString(project.resolve("certificate/model/a"), "alphA");

    MavenBuild build =
        MavenBuild.run(
                MavenBuild.newest(),
                project,
                Map.of(),
                "-o",
                "-pl",
                "certificate,key",
                "-Dmodel-signing.skip=true",
                "verify")
            .succeeds();

    assertThat(build.output())
        .contains("[WARNING] skipped by <skip> or -Dmodel-signing.skip: the model is NOT verified")
        .contains("[WARNING] skipped by <skip> or -Dmodel-signing.skip: nothing is signed")
        .doesNotContain("Verification succeeded");
    assertThat(project.resolve("key/target/model.sig")).doesNotExist();
  }

  @Test
  void writesSarifWhereAPropertySaysSoAlsoOfAFailure() throws Exception {
    Path project = project();
    Files.writeString(project.resolve("certificate/model/a"), "alphA");

    MavenBuild build =
        MavenBuild.run(
                MavenBuild.newest(),
                project,
                Map.of(),
                "-o",
                "-pl",
                "certificate",
                "-Dmodel-signing.sarif=target/out/model.sarif",
                "verify")
            .fails();

    assertThat(build.failureOf("certificate")).contains("MODEL_MISMATCH");
    String sarif = build.file("certificate/target/out/model.sarif");
    SarifSchema.requireValid(sarif);
    assertThat(sarif).contains("\"FILE_CHANGED\"");
  }

  @Test
  void refusesAPropertyThatThereIsNot() throws Exception {
    MavenBuild build =
        MavenBuild.run(
                MavenBuild.newest(),
                project(),
                Map.of(),
                "-o",
                "-pl",
                "certificate",
                "-Dmodel-signing.skp=true",
                "verify")
            .fails();

    assertThat(build.failureOf("certificate"))
        .contains("there is no property 'model-signing.skp'; there are model-signing.sarif");
  }

  /** Maven merges two declarations of a plugin, with a warning; both are verified. */
  @Test
  void verifiesBothWhereThePluginIsDeclaredTwice() throws Exception {
    Path project = MavenBuild.copy("twice", directory.resolve("twice"));
    MavenBuild.copyTree(VECTORS.resolve("models/plain"), project.resolve("model"));
    MavenBuild.copyTree(VECTORS.resolve("models/changed"), project.resolve("changed"));
    MavenBuild.copyTree(VECTORS.resolve("key/files/p256.pub"), project.resolve("release.pub"));
    MavenBuild.copyTree(VECTORS.resolve("key/p256.sigstore.json"), project.resolve("model.sig"));

    MavenBuild build =
        MavenBuild.run(MavenBuild.newest(), project, Map.of(), "-o", "verify").fails();

    assertThat(build.output()).contains("[INFO] Verification succeeded");
    assertThat(build.failureOf("twice")).contains("(verify-again)", "MODEL_MISMATCH");
  }

  /** The PIN comes from settings.xml, and is not in the output. */
  @WithSoftHsm
  static class TokenIT {

    @TempDir Path directory;

    @Test
    void signsWithAKeyOnATokenAndVerifiesByItsPublicKey() throws Exception {
      Path project = MavenBuild.copy("token", directory.resolve("token"));
      MavenBuild.copyTree(VECTORS.resolve("models/plain"), project.resolve("model"));
      SoftHsm hsm = SoftHsm.at(directory.resolve("softhsm2.conf"));
      hsm.token("release").generate("EC:prime256v1", "01", "models");

      MavenBuild build =
          MavenBuild.run(
                  MavenBuild.newest(),
                  project,
                  Map.of("SOFTHSM2_CONF", hsm.configuration().toString()),
                  "-o",
                  "-X",
                  "-Dpkcs11.module=" + SoftHsm.module(),
                  "verify")
              .succeeds();

      assertThat(build.output())
          .contains("[INFO] Signing succeeded", "[INFO] Verification succeeded")
          .doesNotContain("= " + SoftHsm.PIN, "'" + SoftHsm.PIN + "'");
    }
  }
}
