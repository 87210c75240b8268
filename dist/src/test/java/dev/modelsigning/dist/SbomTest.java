package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SbomTest {

  static final String LIBRARIES =
      """
      {"components": [
        {"name": "zeta", "version": "1", "licenses": [{"license": {"id": "MIT"}}]},
        {"name": "alpha", "version": "2", "licenses": [{"expression": "Apache-2.0 OR MIT"}]},
        {"name": "named", "version": "3", "licenses": [{"license": {"name": "A licence"}}]},
        {"name": "none", "version": "4"}]}
      """;

  @TempDir private Path directory;

  private Jdk jdk;

  @BeforeEach
  void writeClasses() throws IOException {
    Path home = directory.resolve("jdk");
    Files.createDirectories(home.resolve("lib"));
    Files.writeString(home.resolve("lib/modules"), "classes");
    jdk = new Jdk(home, "25.0.3+9-LTS", "a vendor", "amd64");
  }

  private Sbom read(String text) throws IOException, BuildException {
    return Sbom.read(Files.writeString(directory.resolve("sbom.json"), text));
  }

  private JsonObject written(Sbom sbom) throws IOException {
    Path file = directory.resolve("written.json");
    sbom.write(file);
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @Test
  void listsLicencesByTheNamesOfTheLibraries() throws Exception {
    assertThat(read(LIBRARIES).licences())
        .containsExactly(
            "alpha 2: Apache-2.0 OR MIT",
            "named 3: A licence",
            "none 4: see THIRD-PARTY-LICENSES",
            "zeta 1: MIT");
  }

  @Test
  void namesTheJavaRuntimeForThoseWhoLookForItsVulnerabilities() throws Exception {
    JsonObject runtime =
        written(read(LIBRARIES).with(jdk)).getAsJsonArray("components").get(4).getAsJsonObject();

    assertThat(runtime.get("cpe").getAsString())
        .isEqualTo("cpe:2.3:a:oracle:openjdk:25.0.3:*:*:*:*:*:*:*");
    assertThat(runtime.get("purl").getAsString()).isEqualTo("pkg:generic/openjdk@25.0.3%2B9-LTS");
  }

  @Test
  void addsToACopy() throws Exception {
    Sbom jar = read(LIBRARIES);

    Sbom unused = jar.with(jdk);

    assertThat(unused.licences()).hasSize(5);
    assertThat(jar.licences()).hasSize(4);
  }

  @Test
  void saysHowToMakeOneThatIsMissing() {
    assertThatThrownBy(() -> Sbom.read(directory.resolve("none.json")))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("none.json; build online");
  }
}
