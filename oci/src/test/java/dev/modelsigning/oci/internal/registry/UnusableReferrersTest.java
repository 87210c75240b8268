package dev.modelsigning.oci.internal.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.image.ImageIndex;
import dev.modelsigning.oci.internal.image.ImageManifest;
import dev.modelsigning.oci.internal.image.MalformedImageException;
import dev.modelsigning.oci.internal.image.MediaTypes;
import dev.modelsigning.oci.reference.AttachMode;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of referrers in which something cannot be used: the rest counts, and it is said. */
class UnusableReferrersTest {

  private static final Descriptor SUBJECT =
      Descriptor.of(MediaTypes.MANIFEST, manifest(Optional.empty(), "model").toJson());
  private static final ImageManifest REFERRER = manifest(Optional.of(SUBJECT), "signature");
  private static final String GOOD =
      "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
          .formatted(
              MediaTypes.MANIFEST, OciDigest.of(REFERRER.toJson()), REFERRER.toJson().length);
  private static final String SHA512 =
      "{\"mediaType\":\"%s\",\"digest\":\"sha512:%s\",\"size\":9}"
          .formatted(MediaTypes.MANIFEST, "ab".repeat(64));

  private FakeRegistry server;
  private Registry registry;

  @BeforeEach
  void start() throws IOException {
    server = new FakeRegistry();
    registry = Registry.of(server.reference(":1"), RegistrySettings.of(Map.of()));
  }

  @AfterEach
  void end() {
    server.close();
  }

  private static ImageManifest manifest(Optional<Descriptor> subject, String text) {
    return new ImageManifest(
        Optional.of(MediaTypes.MANIFEST),
        Optional.of("application/vnd.test"),
        Descriptor.of(MediaTypes.EMPTY, "{}".getBytes(UTF_8)),
        List.of(),
        subject,
        Map.of("test", text));
  }

  private void tag(String... entries) {
    server.put(index(entries), "sha256-" + SUBJECT.digest().hex());
  }

  private static byte[] index(String... entries) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(MediaTypes.INDEX, String.join(",", entries))
        .getBytes(UTF_8);
  }

  private Referrers find() throws IOException {
    return registry.referrers(FakeRegistry.REPOSITORY, SUBJECT.digest());
  }

  /** Anybody who may push can push an image under this name. */
  @Test
  void anImageUnderTheNameOfTheTagHidesNothingThatTheApiHas() throws IOException {
    server.put(REFERRER.toJson(), "");
    server.put(manifest(Optional.empty(), "image").toJson(), "sha256-" + SUBJECT.digest().hex());

    assertThat(find().found()).hasSize(1);
    assertThat(find().notRead())
        .singleElement()
        .asString()
        .contains("must be that of an index", "what it may have listed was not looked at");

    server.referrersApi = false;
    assertThatThrownBy(this::find)
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("must be that of an index");
  }

  @Test
  void aTagThatCannotBeReadIsAFailureWithoutTheApi() throws IOException {
    server.put(REFERRER.toJson(), "");
    server.put("{\"manifests\":1}".getBytes(UTF_8), "sha256-" + SUBJECT.digest().hex());

    server.interception =
        (exchange, number) -> {
          // It lists this manifest, and the tag is none.
          if (exchange.getRequestURI().getPath().contains("/referrers/")) {
            FakeRegistry.sendManifest(exchange, MediaTypes.INDEX, index(GOOD));
            return true;
          }
          return false;
        };
    assertThat(find().found()).hasSize(1);
    assertThat(find().notRead()).hasSize(1);

    server.interception = (exchange, number) -> false;
    server.referrersApi = false;
    assertThatThrownBy(this::find).isInstanceOf(MalformedImageException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"mediaType\":\"a/b\",\"digest\":\"sha512:ab\",\"size\":9}",
        "{\"mediaType\":\"a/b\",\"digest\":\"sha256:AB\",\"size\":9}",
        "{\"mediaType\":\"a/b\",\"digest\":5,\"size\":9}",
        "{\"mediaType\":\"a/b\",\"size\":9}",
        "{\"mediaType\":\"text\",\"digest\":\"sha256:00\",\"size\":9}",
        "{\"mediaType\":\"a/b\",\"Digest\":\"x\",\"size\":9}",
        "{\"mediaType\":\"a/b\",\"digest\":\"sha256:00\",\"size\":-1}",
        "[]",
        "null",
        "\"\\u001b[31m\""
      })
  void anEntryThatCannotBeUsedIsSaidAndHidesNoOther(String entry) throws IOException {
    server.referrersApi = false;
    tag(entry, GOOD);

    assertThat(find().found()).hasSize(1);
    assertThat(find().notRead())
        .singleElement()
        .asString()
        .contains("the tag sha256-" + SUBJECT.digest().hex() + ", entry 1", "was not looked at")
        .doesNotContain("\u001b");
  }

  @Test
  void pagesOfTheApiCanHaveThemToo() throws IOException {
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestURI().getPath().contains("/referrers/")) {
            FakeRegistry.sendManifest(exchange, MediaTypes.INDEX, index(GOOD, SHA512));
            return true;
          }
          return false;
        };
    assertThat(find().found()).hasSize(1);
    assertThat(find().notRead())
        .singleElement()
        .asString()
        .contains("page 1 of the referrers, entry 2", "digests of sha512 are not supported");
  }

  @Test
  void thousandsOfThemAreRefused() {
    String[] entries = new String[Referrers.MAX + 1];
    java.util.Arrays.fill(entries, SHA512);
    server.referrersApi = false;
    tag(entries);
    assertThatThrownBy(this::find).hasMessageContaining("more than " + Referrers.MAX);
  }

  /** Whoever writes the tag again must not remove what another program listed. */
  @Test
  void theTagIsNotWrittenAgainWithoutThem() {
    server.referrersApi = false;
    tag(SHA512);
    String before = server.tags.get("sha256-" + SUBJECT.digest().hex());

    assertThatThrownBy(
            () -> registry.attach(FakeRegistry.REPOSITORY, SUBJECT, REFERRER, AttachMode.AUTO))
        .hasMessageContaining("cannot be kept when the tag is written again")
        .hasMessageContaining("digests of sha512 are not supported");

    assertThat(server.tags).containsEntry("sha256-" + SUBJECT.digest().hex(), before);
    assertThatThrownBy(() -> ImageIndex.read(index(SHA512)).toJson())
        .isInstanceOf(IllegalStateException.class);
  }
}
