package dev.modelsigning.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.layer.ModelLayers;
import dev.modelsigning.oci.internal.registry.FakeRegistry;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models of which nothing is read, and how their registries are asked. */
@Timeout(60)
class UnreadModelTest {

  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";
  private static final String TAR = "application/vnd.cncf.model.weight.v1.tar";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private FakeRegistry registry;
  private RegistryAccess access =
      RegistryAccess.of(Map.of(), Set.of(), new AnswerBudget(1_000_000, 2));

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void end() {
    registry.close();
  }

  private Descriptor layer(String type, String content, Map<String, String> annotations) {
    Descriptor blob = registry.put(content.getBytes(UTF_8));
    return Descriptor.of(type, blob.digest(), blob.size()).withAnnotations(annotations);
  }

  private Descriptor file(String name, String content) {
    return layer(RAW, content, Map.of(ModelLayers.FILE_PATH, name));
  }

  private OciDigest push(Descriptor... layers) {
    return registry.put(
        new ImageManifest(
                Optional.of(MediaTypes.MANIFEST),
                Optional.empty(),
                Descriptor.of(MediaTypes.EMPTY, "{}".getBytes(UTF_8)),
                List.of(layers),
                Optional.empty(),
                Map.of())
            .toJson(),
        "1");
  }

  private OciModel open(OciDigest digest) throws IOException {
    return OciModel.open(registry.reference("@" + digest), access, LIMIT);
  }

  private static HashedModel hash(ModelSource model, HashAlgorithm algorithm) throws IOException {
    return ModelHasher.builder()
        .hashAlgorithm(algorithm)
        .reading(Reading.withDefaults().accept(Evidence.CONTENT_ADDRESSED))
        .build()
        .hash(model);
  }

  private long requestsForBlobs() {
    return registry.requests.stream().filter(one -> one.path().contains("/blobs/")).count();
  }

  @Test
  void isKnownByItsManifest() throws Exception {
    OciDigest digest = push(file("w.bin", "weights"), file("d/x", "1"));
    try (OciModel model = open(digest)) {
      assertThat(hash(model.unread(), HashAlgorithm.SHA256).manifest())
          .isEqualTo(hash(model.reading(), HashAlgorithm.SHA256).manifest());
    }
    try (OciModel model = open(digest)) {
      long before = requestsForBlobs();
      hash(model.unread(), HashAlgorithm.SHA256);
      assertThat(requestsForBlobs()).isEqualTo(before);
      assertThat(model.unread().name()).isEqualTo("model");
      assertThat(model.unread().location()).isEqualTo(model.location());
    }
  }

  @Test
  void isRefusedIfItWouldHaveToBeRead() throws Exception {
    OciDigest digest = push(file("w.bin", "weights"));
    try (OciModel model = open(digest)) {
      assertThatThrownBy(() -> hash(model.unread(), HashAlgorithm.BLAKE3))
          .hasMessageContaining("was signed with other digests than SHA-256 of whole files")
          .hasMessageContaining("here nothing of a model is read");
    }
    OciDigest archive = push(file("w.bin", "weights"), layer(TAR, "no archive", Map.of()));
    try (OciModel model = open(archive)) {
      assertThatThrownBy(() -> hash(model.unread(), HashAlgorithm.SHA256))
          .hasMessageContaining(archive.toString())
          .hasMessageContaining("is an archive, whose files are known only when it is read");
    }
    assertThat(requestsForBlobs()).isZero();
  }

  @Test
  void saysWhichLayersAreNoFiles() throws Exception {
    OciDigest digest =
        push(
            file("w.bin", "weights"),
            layer("application/vnd.kitops.modelkit.config.v1+json", "{}", Map.of()));
    try (OciModel model = open(digest)) {
      assertThat(hash(model.unread(), HashAlgorithm.SHA256).findings())
          .anyMatch(finding -> finding.rule().equals(OciRules.LAYER_NOT_OF_MODEL));
    }
  }

  /** The registry is asked for all of it in that time, the token server too. */
  @Test
  void mustBeThereInTime() throws Exception {
    OciDigest digest = push(file("w.bin", "weights"));
    registry.interception =
        (exchange, number) -> {
          try {
            Thread.sleep(400);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return false;
        };
    assertThatThrownBy(
            () -> {
              try (OciModel model =
                  OciModel.open(registry.reference("@" + digest), access, Duration.ofMillis(700))) {
                model.referrers().find();
              }
            })
        .hasMessageContaining("was asked for 1 s in all, which is the limit");
  }

  @Test
  void followsNoRedirectToAHostThatIsNotNamed() throws Exception {
    OciDigest digest = push(file("w.bin", "weights"));
    try (FakeRegistry elsewhere = new FakeRegistry()) {
      registry.interception =
          (exchange, number) -> {
            exchange
                .getResponseHeaders()
                .set("Location", "http://" + elsewhere.host() + exchange.getRequestURI());
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
            return true;
          };

      assertThatThrownBy(() -> open(digest))
          .hasMessageContaining("redirects to http://" + elsewhere.host())
          .hasMessageContaining(
              "which is not followed: it is none of the addresses that may be asked");
      assertThat(elsewhere.requests).isEmpty();
    }
  }

  @Test
  void asksNoTokenServerThatIsNotNamed() throws Exception {
    OciDigest digest = push(file("w.bin", "weights"));
    for (String realm : List.of("http://127.0.0.1:1/token", "https://tokens.example/token")) {
      registry.interception =
          (exchange, number) -> {
            exchange
                .getResponseHeaders()
                .set("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"x\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
            return true;
          };

      assertThatThrownBy(() -> open(digest))
          .hasMessageContaining("names '" + realm + "' as its token server, which is not asked")
          .hasMessageContaining("it is none of the addresses that may be asked");
    }
    access = RegistryAccess.of(Map.of(), Set.of("tokens.invalid"), new AnswerBudget(1_000, 1));
    registry.interception =
        (exchange, number) -> {
          exchange
              .getResponseHeaders()
              .set("WWW-Authenticate", "Bearer realm=\"https://Tokens.invalid:443/t\"");
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
          return true;
        };
    // It is asked, and is not there.
    assertThatThrownBy(() -> open(digest))
        .hasMessageContaining("the token server of the registry")
        .hasMessageNotContaining("which is not asked");
  }

  @Test
  void fetchesABoundedNumberOfBytes() throws Exception {
    OciDigest digest = push(file("w.bin", "weights"));
    access = RegistryAccess.of(Map.of(), Set.of(), new AnswerBudget(10, 1));
    Descriptor bundle = registry.put("{\"mediaType\":\"x\"}".getBytes(UTF_8));
    registry.put(
        new ImageManifest(
                Optional.of(MediaTypes.MANIFEST),
                Optional.of(OciReferrers.BUNDLE_TYPE),
                Descriptor.of(MediaTypes.EMPTY, "{}".getBytes(UTF_8)),
                List.of(Descriptor.of(OciReferrers.BUNDLE_TYPE, bundle.digest(), bundle.size())),
                Optional.of(
                    Descriptor.of(MediaTypes.MANIFEST, registry.manifests.get(digest.toString()))),
                Map.of())
            .toJson(),
        "");
    try (OciModel model = open(digest)) {
      Attachments found = model.referrers().find();

      assertThat(found.bundles()).isEmpty();
      assertThat(found.findings())
          .anyMatch(finding ->
              finding
                  .message()
                  .contains("all that refers to the model would be larger than 10 bytes"));
    }
  }

  private OciDigest large(String name) throws IOException {
    List<Descriptor> layers = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      layers.add(file(name + i, "weights"));
    }
    OciDigest digest = push(layers.toArray(Descriptor[]::new));
    assertThat(registry.manifests.get(digest.toString())).hasSizeGreaterThan(AnswerBudget.SMALL);
    return digest;
  }

  /** Whoever names many models with large manifests must not exhaust the memory of others. */
  @Test
  void looksAtABoundedNumberOfLargeModelsAtOnce() throws Exception {
    access = RegistryAccess.of(Map.of(), Set.of(), new AnswerBudget(1_000_000, 1));
    OciDigest small = push(file("w.bin", "weights"));
    OciDigest first = large("a");
    OciDigest second = large("b");
    OciModel holds = open(first);
    assertThatThrownBy(() ->
            OciModel.open(registry.reference("@" + second), access, Duration.ofMillis(1_500))
                .close())
        .hasMessageContaining("there are models with large manifests or many signatures");
    open(small).close();
    holds.close();
    holds.close();

    open(second).close();
    try (OciModel again = open(first)) {
      assertThat(again.digest()).isEqualTo(first);
    }
  }

  @Test
  void ofLargeModelsThoseThatCannotBeUsedTakeNothing() throws Exception {
    access = RegistryAccess.of(Map.of(), Set.of(), new AnswerBudget(1_000_000, 1));
    List<Descriptor> layers = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      layers.add(file("same.bin", "weights"));
    }
    OciDigest wrong = push(layers.toArray(Descriptor[]::new));
    OciDigest good = large("a");

    assertThatThrownBy(() -> open(wrong)).isInstanceOf(IOException.class);
    open(good).close();
  }

  @Test
  void countsWhatIsKeptOfAModel() throws Exception {
    AnswerBudget budget = new AnswerBudget(1_000, 1);
    AnswerBudget.Share other = budget.share(LIMIT);
    other.keep(AnswerBudget.SMALL);
    AnswerBudget.Share one = budget.share(Duration.ofMillis(50));
    one.keep(AnswerBudget.SMALL / 2);
    one.read(AnswerBudget.SMALL / 2);
    one.keep(AnswerBudget.SMALL / 2);
    other.keep(1);
    assertThatThrownBy(() -> one.read(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> one.keep(1)).isInstanceOf(IOException.class);
    other.keep(1_000_000);
    other.close();

    try (AnswerBudget.Share next = budget.share(LIMIT)) {
      next.read(10_000_000);
      next.keep(10_000_000);
    }
  }
}
