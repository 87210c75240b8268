package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java runtime in the SBOM of a package. */
class SbomRuntimeTest {

  @TempDir private Path directory;

  private Path file;
  private Jdk jdk;

  @BeforeEach
  void writeSbom() throws Exception {
    file = Files.writeString(directory.resolve("sbom.json"), "{\"components\": []}");
    jdk = new Jdk(directory.resolve("jdk"), "25.0.3+9-LTS", "Somebody", "amd64");
  }

  @Test
  void namesTheJdkAndTheDigestOfItsClasses() throws Exception {
    Files.createDirectories(directory.resolve("jdk/lib"));
    Files.writeString(directory.resolve("jdk/lib/modules"), "abc");

    Sbom.read(file).with(jdk).write(file);

    JsonObject component =
        JsonParser.parseString(Files.readString(file))
            .getAsJsonObject()
            .getAsJsonArray("components")
            .get(0)
            .getAsJsonObject();
    assertThat(component.get("type").getAsString()).isEqualTo("platform");
    assertThat(component.get("publisher").getAsString()).isEqualTo("Somebody");
    assertThat(component.get("version").getAsString()).isEqualTo("25.0.3+9-LTS");
    assertThat(component.get("purl").getAsString()).isEqualTo("pkg:generic/openjdk@25.0.3%2B9-LTS");
    // FIPS 180-2, appendix B.1
    assertThat(component.get("hashes"))
        .hasToString(
            "[{\"alg\":\"SHA-256\",\"content\":"
                + "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}]");
    assertThat(component.get("properties"))
        .hasToString(
            "[{\"name\":\"model-signing:digestOf\",\"value\":\"lib/modules\"},"
                + "{\"name\":\"model-signing:modules\",\"value\":"
                + "\"java.base,java.logging,java.net.http,java.xml,jdk.httpserver,jdk.unsupported\"}]");
  }

  @Test
  void refusesAJdkWithoutClasses() throws Exception {
    Sbom sbom = Sbom.read(file);
    assertThatThrownBy(() -> sbom.with(jdk))
        .isInstanceOf(BuildException.class)
        .hasMessageStartingWith("expected " + directory.resolve("jdk/lib/modules"));
  }
}
