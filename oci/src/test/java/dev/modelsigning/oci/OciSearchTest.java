package dev.modelsigning.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.internal.layer.ModelLayers;
import dev.modelsigning.oci.internal.registry.FakeRegistry;
import dev.modelsigning.oci.internal.registry.Registry;
import dev.modelsigning.oci.internal.registry.RegistrySettings;
import dev.modelsigning.oci.reference.OciDigest;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Finding what refers to a model: it takes a limited time, and junk hides nothing. */
class OciSearchTest {

  private static final String RAW = "application/vnd.cncf.model.weight.v1.raw";
  private static final String LIMIT = "was asked for 1 s in all, which is the limit";

  @TempDir private Path directory;
  private FakeRegistry server;
  private Descriptor subject;

  @BeforeEach
  void start() throws IOException {
    server = new FakeRegistry();
    subject = model(1);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private Descriptor model(int files) {
    Descriptor[] layers = new Descriptor[files];
    for (int i = 0; i < files; i++) {
      layers[i] =
          server
              .put(("weights " + i).getBytes(UTF_8))
              .withAnnotations(Map.of(ModelLayers.TITLE, "f" + i));
      layers[i] =
          Descriptor.of(RAW, layers[i].digest(), layers[i].size())
              .withAnnotations(layers[i].annotations());
    }
    byte[] manifest = manifest(Optional.empty(), Map.of(), layers);
    server.put(manifest, "1");
    return Descriptor.of(MediaTypes.MANIFEST, manifest);
  }

  private static byte[] manifest(
      Optional<Descriptor> subject, Map<String, String> annotations, Descriptor... layers) {
    return new ImageManifest(
            Optional.of(MediaTypes.MANIFEST),
            Optional.of(OciReferrers.BUNDLE_TYPE),
            Descriptor.of(MediaTypes.EMPTY, "{}".getBytes(UTF_8)),
            List.of(layers),
            subject,
            annotations)
        .toJson();
  }

  private OciModel open(Duration search) throws IOException {
    RegistrySettings settings =
        new RegistrySettings(
            Map.of(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(2),
            search,
            RegistrySettings.ALONE,
            address -> true);
    return OciModel.open(Registry.of(server.reference(":1"), settings), server.reference(":1"));
  }

  private OciModel openBriefly() throws IOException {
    return open(Duration.ofSeconds(1));
  }

  private OciDigest attach(byte[] bundle, long size) {
    Descriptor blob = server.put(bundle);
    return server.put(
        manifest(
            Optional.of(subject),
            Map.of("n", String.valueOf(server.manifests.size())),
            Descriptor.of(OciReferrers.BUNDLE_TYPE, blob.digest(), size)),
        "");
  }

  /** A bundle that verifies. */
  private byte[] signed() throws Exception {
    Path key = directory.resolve("key.pem");
    KeyPairFiles.generate(EcdsaScheme.P256, key, directory.resolve("key.pub"));
    try (OciModel model = open(RegistrySettings.SEARCH)) {
      Payload payload =
          Statement.about(
                  ModelHasher.builder()
                      .reading(Reading.withDefaults().accept(Evidence.CONTENT_ADDRESSED))
                      .build()
                      .hash(model))
              .toPayload();
      return KeySigner.load(key).sign(payload).bundle().toJson().toArray();
    }
  }

  private void slow(String part, long millis) {
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestURI().getPath().contains(part)) {
            Thread.sleep(millis);
          }
          return false;
        };
  }

  /** Each answer comes in time, and all of them would take ten seconds. */
  @Test
  @Timeout(60)
  void manyReferrersOnASlowRegistry() throws Exception {
    for (int i = 0; i < 100; i++) {
      attach(("junk " + i).getBytes(UTF_8), 1);
    }
    try (OciModel model = openBriefly()) {
      slow("/manifests/", 100);
      int before = server.requests.size();

      assertThatThrownBy(() -> model.referrers().find())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(server.host())
          .hasMessageContaining(LIMIT)
          .hasMessageContaining("name the signature file with --signature");

      assertThat(server.requests.size() - before).isLessThan(60);
      assertThatThrownBy(() -> model.referrers().contents()).hasMessageContaining(LIMIT);
    }
  }

  @Test
  @Timeout(60)
  void pagesOnASlowRegistry() throws Exception {
    for (int i = 0; i < 30; i++) {
      attach(("junk " + i).getBytes(UTF_8), 1);
    }
    server.pageSize = 1;
    try (OciModel model = openBriefly()) {
      slow("/referrers/", 200);
      assertThatThrownBy(() -> model.referrers().find()).hasMessageContaining(LIMIT);
    }
  }

  /** An answer that never comes is not waited for longer than that, and not asked for again. */
  @Test
  @Timeout(60)
  void anAnswerThatDoesNotCome() throws Exception {
    attach("junk".getBytes(UTF_8), 4);
    try (OciModel model = openBriefly()) {
      slow("/blobs/", 20_000);
      assertThatThrownBy(() -> model.referrers().find())
          .hasMessageContaining(LIMIT)
          .hasMessageContaining("did not answer within");
    }
  }

  /** A byte now and then is no stall, and never ends. */
  @Test
  @Timeout(60)
  void aBundleThatTrickles() throws Exception {
    byte[] bundle = new byte[10_000];
    attach(bundle, bundle.length);
    try (OciModel model = openBriefly()) {
      server.interception =
          (exchange, number) -> {
            if (!exchange.getRequestMethod().equals("GET")
                || !exchange.getRequestURI().getPath().contains("/blobs/")) {
              return false;
            }
            exchange.sendResponseHeaders(200, bundle.length);
            for (byte each : bundle) {
              exchange.getResponseBody().write(each);
              exchange.getResponseBody().flush();
              Thread.sleep(50);
            }
            return true;
          };
      assertThatThrownBy(() -> model.referrers().find()).hasMessageContaining(LIMIT);
    }
  }

  @Test
  @Timeout(60)
  void manyLayersOnASlowRegistry() throws Exception {
    subject = model(200);
    try (OciModel model = openBriefly()) {
      slow("/blobs/", 200);
      assertThatThrownBy(() ->
              ModelHasher.builder()
                  .reading(Reading.withDefaults().accept(Evidence.CONTENT_ADDRESSED))
                  .build()
                  .hash(model))
          .hasMessageContaining(LIMIT);
    }
  }

  /** The limit is one for a search, and not for all that a command does. */
  @Test
  @Timeout(60)
  void whatIsReadLaterHasItsOwnTime() throws Exception {
    attach(signed(), 1);
    try (OciModel model = openBriefly()) {
      model.referrers().find();
      Thread.sleep(1_100);
      assertThat(model.referrers().find().findings()).hasSize(1);
      assertThat(model.movedTag()).isEmpty();
    }
  }

  @Test
  void junkBesideASignatureIsNamedAndHidesNothing() throws Exception {
    byte[] good = signed();
    byte[] absent = "absent".getBytes(UTF_8);
    OciDigest gone = attach(absent, absent.length);
    server.blobs.remove(OciDigest.of(absent).toString());
    OciDigest wrong = attach("of another size".getBytes(UTF_8), 14);
    OciDigest claimed = attach("of a claimed size".getBytes(UTF_8), 300_000_000);
    OciDigest same = attach(good, 40);
    OciDigest large =
        server.put(manifest(Optional.of(subject), Map.of("n", "x".repeat(5_000_000))), "");
    OciDigest nothing = OciDigest.of("no manifest".getBytes(UTF_8));
    server.put(
        new dev.modelsigning.oci.internal.image.ImageIndex(
                List.of(
                    Descriptor.of(MediaTypes.MANIFEST, nothing, 10),
                    Descriptor.of(MediaTypes.MANIFEST, large, 10)),
                Map.of())
            .toJson(),
        "sha256-" + subject.digest().hex());
    // The double would read what it lists; it is listed by the tag.
    byte[] oversized = server.manifests.remove(large.toString());
    AtomicInteger asked = new AtomicInteger();
    server.interception =
        (exchange, number) -> {
          if (!exchange.getRequestURI().getPath().endsWith(large.toString())) {
            return false;
          }
          asked.incrementAndGet();
          FakeRegistry.sendManifest(exchange, MediaTypes.MANIFEST, oversized);
          return true;
        };

    Attachments without = find();
    assertThat(without.bundles()).isEmpty();
    assertNamed(without, gone, wrong, claimed, same, nothing, large);

    OciDigest valid = attach(good, good.length);

    Attachments found = find();
    assertThat(found.bundles())
        .singleElement()
        .satisfies(one -> assertThat(one.manifest()).isEqualTo(valid));
    assertNamed(found, gone, wrong, claimed, same, nothing, large);
    assertThat(asked.get()).isEqualTo(2);
  }

  private Attachments find() throws IOException {
    try (OciModel model = open(RegistrySettings.SEARCH)) {
      return model.referrers().find();
    }
  }

  private static void assertNamed(Attachments found, OciDigest... junk) {
    assertThat(found.findings())
        .hasSize(junk.length)
        .allMatch(one -> one.rule().equals(OciRules.REFERRER_NOT_USED));
    for (OciDigest each : junk) {
      assertThat(found.findings())
          .anyMatch(one -> one.message().contains(each + " does not count: "));
    }
  }
}
