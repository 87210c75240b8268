package dev.modelsigning.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SBOMs say of the parts that others made. */
class MaterialsTest {

  private static final String LIBRARY =
      """
      {"type": "library", "purl": "pkg:maven/org.example/a@1",
       "hashes": [{"alg": "MD5", "content": "0"}, {"content": "%s", "alg": "SHA-256"}]}
      """;

  private static final String RUNTIME =
      """
      {"type": "platform", "name": "openjdk", "version": "25.0.3+9-LTS", "publisher": "Somebody",
       "purl": "pkg:generic/openjdk@25.0.3%2B9-LTS",
       "hashes": [{"alg": "SHA-256", "content": "cc"}],
       "properties": [{"name": "model-signing:digestOf", "value": "lib/modules"},
                      {"name": "model-signing:modules", "value": "java.base"},
                      {"name": "other:name", "value": "not ours"}]}
      """;

  @TempDir private Path directory;

  private void sbom(String name, String... components) throws Exception {
    Checkout.write(directory, name, "{\"components\": [" + String.join(", ", components) + "]}");
  }

  @Test
  void areLibrariesWithTheirDigests() throws Exception {
    sbom("one.json", LIBRARY.formatted("aa"));
    sbom("below/two.json", LIBRARY.formatted("aa"), LIBRARY.formatted("bb").replace("/a@", "/b@"));
    Checkout.write(directory, "three.txt", "no JSON");

    assertThat(Materials.read(directory))
        .isEqualTo(
            Map.of(
                "pkg:maven/org.example/a@1",
                Map.of("uri", "pkg:maven/org.example/a@1", "digest", Map.of("sha256", "aa")),
                "pkg:maven/org.example/b@1",
                Map.of("uri", "pkg:maven/org.example/b@1", "digest", Map.of("sha256", "bb"))));
  }

  @Test
  void includeTheJavaRuntimeWithItsVendorAndVersion() throws Exception {
    sbom("one.json", RUNTIME);

    assertThat(Materials.read(directory))
        .isEqualTo(
            Map.of(
                "pkg:generic/openjdk@25.0.3%2B9-LTS",
                Map.of(
                    "uri",
                    "pkg:generic/openjdk@25.0.3%2B9-LTS",
                    "name",
                    "java-runtime",
                    "digest",
                    Map.of("sha256", "cc"),
                    "annotations",
                    Map.of(
                        "vendor",
                        "Somebody",
                        "version",
                        "25.0.3+9-LTS",
                        "digestOf",
                        "lib/modules",
                        "modules",
                        "java.base"))));
  }

  @Test
  void areNeitherOursNorWithoutADigest() throws Exception {
    sbom(
        "one.json",
        LIBRARY.formatted("aa").replace("org.example", "dev.modelsigning"),
        LIBRARY.formatted("aa").replace("SHA-256", "SHA-1"),
        "{\"purl\": \"pkg:maven/org.example/none@1\"}");

    assertThat(Materials.read(directory)).isEmpty();
  }

  @Test
  void refusesTwoDigestsOfOneLibrary() throws Exception {
    sbom("one.json", LIBRARY.formatted("aa"));
    sbom("two.json", LIBRARY.formatted("ab"));

    assertThatThrownBy(() -> Materials.read(directory))
        .isInstanceOf(ReleaseException.class)
        .hasMessage("the SBOMs disagree about pkg:maven/org.example/a@1");
  }

  @Test
  void refusesAnSbomThatIsNoJson() throws Exception {
    Checkout.write(directory, "one.json", "<bom/>");

    assertThatThrownBy(() -> Materials.read(directory))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("one.json: expected JSON");
  }
}
