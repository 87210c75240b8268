package dev.modelsigning.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.layer.ModelLayers;
import dev.modelsigning.oci.internal.registry.FakeRegistry;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Layers that are known by their digests alone have to be in the registry. */
class OciModelPresenceTest {

  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";

  private FakeRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void end() {
    registry.close();
  }

  private Descriptor file(String name, byte[] content, long size) {
    Descriptor blob = registry.put(content);
    return Descriptor.of(RAW, blob.digest(), size)
        .withAnnotations(Map.of(ModelLayers.FILE_PATH, name));
  }

  private Descriptor file(String name, String content) {
    return file(name, content.getBytes(UTF_8), content.length());
  }

  private OciModel open(Descriptor... layers) throws IOException {
    registry.put(
        new ImageManifest(
                Optional.of(MediaTypes.MANIFEST),
                Optional.empty(),
                Descriptor.of(MediaTypes.EMPTY, "{}".getBytes(UTF_8)),
                List.of(layers),
                Optional.empty(),
                Map.of())
            .toJson(),
        "1");
    return OciModel.open(registry.reference(":1"), Map.of());
  }

  private static HashedModel hash(OciModel model) throws IOException {
    return ModelHasher.builder()
        .reading(Reading.withDefaults().accept(Evidence.CONTENT_ADDRESSED))
        .build()
        .hash(model);
  }

  @Test
  void aLayerThatIsNotThere() throws IOException {
    Descriptor gone = file("w.bin", "weights");
    registry.blobs.remove(gone.digest().toString());
    try (OciModel model = open(file("a", "1"), gone)) {
      assertThatThrownBy(() -> hash(model))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(model.pinned().toString())
          .hasMessageContaining("the layer " + gone.digest() + ", the file 'w.bin', is not in")
          .hasMessageContaining("push it again");
    }
  }

  @Test
  void aLayerOfAnotherSize() throws IOException {
    Descriptor larger = file("w.bin", "weights".getBytes(UTF_8), 700);
    try (OciModel model = open(larger)) {
      assertThatThrownBy(() -> hash(model))
          .hasMessageContaining(model.pinned().toString())
          .hasMessageContaining(larger.digest().toString())
          .hasMessageContaining("the manifest says 700, found '7'");
    }
  }

  /** The same digest with a right and a wrong size: each is looked at. */
  @Test
  void theSecondLayerWithADigestIsOfAnotherSize() throws IOException {
    byte[] content = "weights".getBytes(UTF_8);
    try (OciModel model = open(file("a", "weights"), file("b", content, 8))) {
      assertThatThrownBy(() -> hash(model)).hasMessageContaining("the file 'b', has another size");
    }
  }

  @Test
  void manyLayersAreAskedForSomeAtOnce() throws IOException {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    registry.interception =
        (exchange, number) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.sleep(2);
          now.decrementAndGet();
          return false;
        };
    List<Descriptor> layers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      layers.add(file("f" + i, "content " + i));
    }
    try (OciModel model = open(layers.toArray(Descriptor[]::new))) {
      assertThat(hash(model).files()).isEqualTo(300);
      assertThat(most.get()).isBetween(2, 9);
      registry.requests.clear();

      assertThat(hash(model).files()).as("asked for once").isEqualTo(300);

      assertThat(registry.requests).isEmpty();
      Descriptor last = layers.get(299);
      registry.blobs.remove(last.digest().toString());
    }
    try (OciModel model = open(layers.toArray(Descriptor[]::new))) {
      assertThatThrownBy(() -> hash(model)).hasMessageContaining("the file 'f299', is not in");
    }
  }

  @Test
  void aRegistryThatDoesNotSaySizesIsToleratedAndTold() throws IOException {
    registry.interception =
        (exchange, number) -> {
          if (!exchange.getRequestMethod().equals("HEAD")) {
            return false;
          }
          // Chunked, as an answer of unknown length has it.
          exchange.sendResponseHeaders(200, 0);
          return true;
        };
    try (OciModel model = open(file("a", "1"), file("b", "2"))) {
      HashedModel hashed = hash(model);
      assertThat(hashed.files()).isEqualTo(2);
      assertThat(hashed.findings())
          .filteredOn(one -> one.rule().equals(OciRules.LAYER_SIZE_NOT_SAID))
          .singleElement()
          .satisfies(one ->
              assertThat(one.message())
                  .contains(
                      model.pinned().toString(), "2 of the layers that were not read", "sha256:"));
    }
  }

  @Test
  void aPageForPeopleAndARefusalAreNoAnswer() throws IOException {
    for (int status : new int[] {200, 405, 500}) {
      registry.interception =
          (exchange, number) -> {
            if (!exchange.getRequestMethod().equals("HEAD")) {
              return false;
            }
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(status, 0);
            return true;
          };
      Descriptor layer = file("a", "1");
      try (OciModel model = open(layer)) {
        assertThatThrownBy(() -> hash(model))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(layer.digest().toString())
            .hasMessageContaining(status == 200 ? "a page for people" : "answered " + status);
      }
    }
  }

  @Test
  void whoeverReadsTheModelDoesNotAsk() throws IOException {
    Descriptor layer = file("a", "1");
    OciDigest digest = layer.digest();
    try (OciModel model = open(layer)) {
      hash(model.listed());
      assertThat(registry.requests).noneMatch(one -> one.path().contains(digest.hex()));
      hash(model.reading());
      assertThat(registry.requests).noneMatch(one -> one.method().equals("HEAD"));
    }
  }
}
