package dev.modelsigning.oci.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of artifacts, and digests. */
class OciReferenceTest {

  private static final String HEX =
      "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

  @Test
  void readsHostRepositoryTagAndDigest() {
    OciReference reference =
        OciReference.parse("oci://Registry.Example:5000/team/my__model:v1.0@sha256:" + HEX);
    assertThat(reference.registry()).isEqualTo("registry.example:5000");
    assertThat(reference.repository()).isEqualTo("team/my__model");
    assertThat(reference.tag()).contains("v1.0");
    assertThat(reference.digest()).contains(OciDigest.parse("sha256:" + HEX));
    assertThat(reference)
        .hasToString("oci://registry.example:5000/team/my__model:v1.0@sha256:" + HEX)
        .isEqualTo(OciReference.parse(reference.toString()));
  }

  @Test
  void namesAnotherDigestWithoutTheTag() {
    OciDigest digest = OciDigest.of("{}".getBytes(StandardCharsets.UTF_8));
    assertThat(digest.hex()).isEqualTo(HEX);
    assertThat(OciDigest.ofHash(digest.bytes())).isEqualTo(digest);
    assertThat(OciReference.parse("oci://localhost:1/m:t").at(digest))
        .hasToString("oci://localhost:1/m@sha256:" + HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oci://[::1]:5000/m:t",
        "oci://127.0.0.1/a/b/c:t",
        "OCI://h/m:_T.a-1",
        "oci://h/a-b:t"
      })
  void takesWhatTheSpecificationHas(String text) {
    assertThat(OciReference.parse(text).tag()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "oci://host/repo, name a tag or a digest",
    "oci://host, the repository is missing",
    "oci:///repo:tag, the host is missing",
    "oci://host/:tag, a repository has",
    "oci://host/Repo:tag, a repository has",
    "oci://host/a//b:tag, a repository has",
    "oci://host/../b:tag, a repository has",
    "oci://host/a___b:tag, a repository has",
    "oci://host/a:, a tag has",
    "oci://host/a:.b, a tag has",
    "oci://host/a:b:c, a tag has",
    "oci://host/a:b/c, a tag has",
    "oci://host:0/a:b, a port is",
    "oci://host:65536/a:b, a port is",
    "oci://host:/a:b, the host is",
    "oci://-host/a:b, the host is",
    "oci://host/a@sha256:12, expected a digest",
    "https://host/a:b, expected oci://",
  })
  void refusesWhatIsMalformed(String text, String words) {
    assertThatThrownBy(() -> OciReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words)
        .hasMessageContaining("oci://HOST[:PORT]/REPOSITORY:TAG");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oci://user:s3cret@host/repo:tag",
        "oci://s3cret@host/repo:tag",
        "oci://user:s3cret@host/repo@sha256:" + HEX,
        "oci://user:s3/cret@host/repo@sha256:" + HEX,
        "oci://user:s3/cret@host/repo:tag",
        "oci://user:s3/cret@sha256:" + HEX,
        "oci://user:s3cret",
        "oci://user:s3cret/repo:tag",
        "oci://host/repo:tag?token=s3cret"
      })
  void neverRepeatsAPassword(String text) {
    assertThatThrownBy(() -> OciReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("s3cret")
        .doesNotContain("cret");
  }

  @Test
  void refusesReferencesWithoutEnd() {
    String name = "a".repeat(250);
    assertThatThrownBy(() -> OciReference.parse("oci://host12345/" + name + ":t"))
        .hasMessageContaining("at most 255 characters");
    assertThatThrownBy(() -> OciReference.parse("oci://host/" + "a/".repeat(100_000) + ":t"))
        .hasMessageContaining("at most 1024 characters");
  }

  @Test
  void saysThatOtherDigestsAreNotSupported() {
    assertThatThrownBy(() -> OciDigest.parse("sha512:" + HEX + HEX))
        .hasMessageContaining("digests of sha512 are not supported, only those of sha256");
    assertThatThrownBy(() -> OciReference.parse("oci://h/m@sha512:" + HEX + HEX))
        .hasMessageContaining("digests of sha512 are not supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sha256", "sha256:", "sha256:XYZ", "44136fa3"})
  void refusesWhatIsNoDigest(String text) {
    assertThatThrownBy(() -> OciDigest.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a digest");
  }

  @Test
  void refusesDigestsInUpperCase() {
    assertThatThrownBy(() -> OciDigest.parse("sha256:" + HEX.replace('a', 'A')))
        .hasMessageContaining("lower-case");
  }
}
