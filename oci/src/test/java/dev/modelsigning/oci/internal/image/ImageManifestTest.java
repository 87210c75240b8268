package dev.modelsigning.oci.internal.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manifests and indexes that are taken, and those that could be taken for something else. */
class ImageManifestTest {

  private static final String DIGEST =
      "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  private static final String CONFIG =
      "{'mediaType':'application/vnd.oci.empty.v1+json','digest':'" + DIGEST + "','size':2}";

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static ImageManifest manifest(String members) throws MalformedImageException {
    return ImageManifest.read(
        bytes("{'schemaVersion':2,'config':" + CONFIG + ",'layers':[]" + members + "}"));
  }

  private static void isRefused(String members, String words) {
    assertThatThrownBy(() -> manifest(members))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining(words);
  }

  @Test
  void readsWhatItWrites() throws Exception {
    Descriptor layer =
        Descriptor.of(MediaTypes.EMPTY, bytes("{}"))
            .withAnnotations(Map.of("org.opencontainers.image.title", "a b"));
    ImageManifest manifest =
        new ImageManifest(
            Optional.of(MediaTypes.MANIFEST),
            Optional.of("application/vnd.test"),
            Descriptor.of(MediaTypes.EMPTY, bytes("{}")),
            List.of(layer, layer),
            Optional.of(Descriptor.of(MediaTypes.MANIFEST, bytes("subject"))),
            Map.of("key", "value"));
    assertThat(ImageManifest.read(manifest.toJson())).isEqualTo(manifest);
    ImageIndex index =
        new ImageIndex(
            List.of(
                new Descriptor(
                    MediaTypes.MANIFEST,
                    layer.digest(),
                    2,
                    Map.of(),
                    Optional.of("application/vnd.test"),
                    Optional.of("linux/arm64/v8"))),
            Map.of());
    assertThat(ImageIndex.read(index.toJson())).isEqualTo(index);
  }

  @Test
  void ignoresWhatItDoesNotKnow() throws Exception {
    assertThat(manifest(",'new':{'a':[1]}").layers()).isEmpty();
  }

  @Test
  void readsManifestsOfDocker() throws Exception {
    assertThat(manifest(",'mediaType':'" + MediaTypes.DOCKER_MANIFEST + "'").mediaType())
        .contains(MediaTypes.DOCKER_MANIFEST);
  }

  @Test
  void takesAnEmptyTypeForNone() throws Exception {
    assertThat(manifest(",'artifactType':''").artifactType()).isEmpty();
  }

  @Test
  void refusesWhatIsAManifestAndAnIndex() {
    isRefused(",'manifests':[]", "is a manifest and an index at once");
    assertThatThrownBy(() ->
            ImageIndex.read(bytes("{'schemaVersion':2,'manifests':[],'config':" + CONFIG + "}")))
        .hasMessageContaining("is a manifest and an index at once");
  }

  @Test
  void refusesAnIndexInPlaceOfAManifest() {
    assertThatThrownBy(() -> ImageManifest.read(bytes("{'schemaVersion':2,'manifests':[]}")))
        .hasMessageContaining("is an index of manifests, expected one manifest");
    assertThatThrownBy(
            () -> ImageIndex.read(bytes("{'schemaVersion':2,'config':" + CONFIG + ",'layers':[]}")))
        .hasMessageContaining("is a manifest, expected an index");
    isRefused(",'mediaType':'" + MediaTypes.INDEX + "'", "expected that of a manifest");
  }

  @Test
  void refusesATypeOtherThanThatWithWhichItWasSent() throws Exception {
    byte[] manifest =
        bytes(
            "{'schemaVersion':2,'mediaType':'"
                + MediaTypes.MANIFEST
                + "','config':"
                + CONFIG
                + ",'layers':[]}");
    ImageManifest.requireType(manifest, MediaTypes.MANIFEST);
    assertThatThrownBy(() -> ImageManifest.requireType(manifest, MediaTypes.DOCKER_MANIFEST))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("as it was sent");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        ",'layers':[] | Duplicate",
        ",'subject':{'mediaType':'a/b','size':1} | subject.digest: is missing",
        ",'subject':{'mediaType':'a/b','digest':'sha512:ab','size':1} | digests of sha512",
        ",'Layers':[] | expected the name 'layers' in this form",
        ",'CONFIG':{} | expected the name 'config' in this form",
        ",'subject':{'mediaType':'a/b','Digest':'x','size':1} | expected the name 'digest'",
        ",'mediaType':'text' | expected a media type",
        ",'annotations':{'a':1} | expected a string",
        ",'annotations':{'a':'1','a':'2'} | Duplicate",
      })
  void refusesWhatReadersTakeDifferently(String members, String words) {
    isRefused(members, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"-1 | at least 0", "1.5 | integer", "\"2\" | a number", "1e99 | integer"})
  void refusesSizesThatAreNone(String size, String words) {
    isRefused(
        ",'subject':{'mediaType':'a/b','digest':'" + DIGEST + "','size':" + size + "}", words);
  }

  @Test
  void refusesOtherVersions() {
    assertThatThrownBy(() -> ImageManifest.read(bytes("{'schemaVersion':1,'fsLayers':[]}")))
        .hasMessageContaining("older versions are not supported");
    assertThatThrownBy(() -> ImageManifest.read(bytes("{'config':" + CONFIG + ",'layers':[]}")))
        .hasMessageContaining("schemaVersion: is missing");
  }

  @Test
  void refusesMoreThanAnythingNeeds() {
    assertThatThrownBy(() -> ImageManifest.read(new byte[ImageManifest.MAX_LENGTH + 1]))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("at most 4194304 bytes");
    StringBuilder annotations = new StringBuilder("'a':''");
    for (int i = 0; i < 1_000; i++) {
      annotations.append(",'k").append(i).append("':''");
    }
    isRefused(",'annotations':{" + annotations + "}", "1000");
    StringBuilder layers = new StringBuilder(CONFIG);
    for (int i = 0; i < 20_000; i++) {
      layers.append(",").append(CONFIG);
    }
    assertThatThrownBy(() ->
            ImageManifest.read(
                bytes("{'schemaVersion':2,'config':" + CONFIG + ",'layers':[" + layers + "]}")))
        .hasMessageContaining("at most 20000, found 20001");
    isRefused(",'x':" + "[".repeat(100) + "]".repeat(100), "deep");
  }
}
