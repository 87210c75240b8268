package dev.modelsigning.oci.internal.registry;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Manifests of a registry that answers well, wrongly, or not at all. */
@Timeout(60)
class RegistryTest {

  private static final String REPOSITORY = FakeRegistry.REPOSITORY;

  @TempDir private Path home;
  private FakeRegistry server;
  private Registry registry;

  @BeforeEach
  void start() throws IOException {
    server = new FakeRegistry();
    registry = Registry.of(server.reference(":v1"), settings(home));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static RegistrySettings settings(Path home) {
    return settings(home, Long.MAX_VALUE);
  }

  static RegistrySettings settings(Path home, long alone) {
    return new RegistrySettings(
        Map.of("DOCKER_CONFIG", home.toString(), "PATH", home.toString()),
        Duration.ofSeconds(3),
        Duration.ofSeconds(1),
        Duration.ofMillis(2),
        RegistrySettings.SEARCH,
        alone,
        address -> true);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static ImageManifest manifest(Optional<Descriptor> subject, String annotation) {
    return new ImageManifest(
        Optional.of(MediaTypes.MANIFEST),
        Optional.of("application/vnd.test"),
        Descriptor.of(MediaTypes.EMPTY, bytes("{}")),
        List.of(),
        subject,
        Map.of("test", annotation));
  }

  private static byte[] model() {
    return manifest(Optional.empty(), "model").toJson();
  }

  // --- resolving

  @Test
  void resolvesATag() throws Exception {
    OciDigest digest = server.put(model(), "v1");
    StoredManifest found = registry.resolve(server.reference(":v1"));
    assertThat(found.bytes()).isEqualTo(model());
    assertThat(found.digest()).isEqualTo(digest);
    assertThat(found.mediaType()).isEqualTo(MediaTypes.MANIFEST);
    assertThat(found.tagDigest()).contains(digest);
    assertThat(found.isIndex()).isFalse();
  }

  @Test
  void saysWhereTheTagIsThatHasMoved() throws Exception {
    OciDigest old = server.put(model(), "v1");
    OciDigest now = server.put(manifest(Optional.empty(), "other").toJson(), "v1");
    StoredManifest found = registry.resolve(server.reference(":v1@" + old));
    assertThat(found.digest()).isEqualTo(old);
    assertThat(found.tagDigest()).contains(now);
    assertThat(registry.tagDigest(server.reference(":v1"))).contains(now);
    assertThat(registry.tagDigest(server.reference(":gone"))).isEmpty();
  }

  @Test
  void saysThatAnIndexIsOne() throws Exception {
    server.put(new ImageIndex(List.of(), Map.of()).toJson(), "v1");
    assertThat(registry.resolve(server.reference(":v1")).isIndex()).isTrue();
  }

  @Test
  void refusesAManifestWhoseBytesAreNotItsDigest() {
    OciDigest asked = OciDigest.of(bytes("something else"));
    server.manifests.put(asked.toString(), model());
    assertThatThrownBy(() -> registry.resolve(server.reference("@" + asked)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("oci://" + server.host() + "/" + REPOSITORY + "@" + asked)
        .hasMessageContaining("sent other bytes: their digest is " + OciDigest.of(model()));
  }

  @Test
  void refusesARegistryThatSaysAnotherDigest() {
    server.put(model(), "v1");
    server.interception =
        (exchange, number) -> {
          exchange
              .getResponseHeaders()
              .add("Docker-Content-Digest", OciDigest.of(bytes("x")).toString());
          return false;
        };
    assertThatThrownBy(() -> registry.resolve(server.reference(":v1")))
        .hasMessageContaining("says another digest than that of the bytes");
  }

  @Test
  void refusesLayersOfOtherDigests() {
    server.put(
        bytes(new String(model(), StandardCharsets.UTF_8).replaceFirst("sha256:", "sha512:")),
        "v1");
    assertThatThrownBy(() -> registry.resolve(server.reference(":v1")))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("oci://" + server.host() + "/" + REPOSITORY + ":v1")
        .hasMessageContaining("digests of sha512 are not supported");
  }

  @Test
  void refusesAPageInPlaceOfAManifest() {
    server.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
          FakeRegistry.send(exchange, 200, "<html>sign in</html>");
          return true;
        };
    assertThatThrownBy(() -> registry.resolve(server.reference(":v1")))
        .hasMessageContaining("answered with 'text/html', expected a manifest")
        .hasMessageContaining("is it the address of a registry?");
  }

  @Test
  void refusesADocumentThatSaysAnotherTypeThanItWasSentWith() {
    server.interception =
        (exchange, number) -> {
          FakeRegistry.sendManifest(exchange, MediaTypes.DOCKER_MANIFEST, model());
          return true;
        };
    assertThatThrownBy(() -> registry.resolve(server.reference(":v1")))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("as it was sent");
  }

  @Test
  void takesNoMoreThanAManifestMayHave() {
    server.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Content-Type", MediaTypes.MANIFEST);
          exchange.sendResponseHeaders(200, 0);
          byte[] part = new byte[100_000];
          while (true) {
            exchange.getResponseBody().write(part);
          }
        };
    assertThatThrownBy(() -> registry.resolve(server.reference(":v1")))
        .hasMessageContaining("longer than 4194304 bytes");
  }

  @Test
  void givesUpOnAManifestThatDrips() {
    server.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Content-Type", MediaTypes.MANIFEST);
          exchange.sendResponseHeaders(200, 0);
          while (true) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            Thread.sleep(20);
          }
        };
    assertThatThrownBy(() -> registry.resolve(server.reference(":v1")))
        .hasMessageContaining("did not answer within 3 s");
  }

  @Test
  void saysWhatToDoWhenNothingIsThere() {
    assertThatThrownBy(() -> registry.resolve(server.reference(":v1")))
        .hasMessageContaining("the registry of " + server.reference(":v1"))
        .hasMessageContaining("has no such tag; check the repository and the tag")
        .hasMessageEndingWith("It answered 404: '{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}'");
    OciDigest absent = OciDigest.of(bytes("absent"));
    assertThatThrownBy(() -> registry.resolve(server.reference("@" + absent)))
        .hasMessageContaining("has no manifest with this digest; 'oci list' with a tag shows")
        .hasMessageContaining("It answered 404: ");
  }

  @Test
  void waitsForABusyRegistry() throws Exception {
    server.put(model(), "v1");
    server.interception =
        (exchange, number) -> {
          if (number > 2) {
            return false;
          }
          exchange.getResponseHeaders().add("Retry-After", "0");
          FakeRegistry.send(exchange, 429, "TOOMANYREQUESTS");
          return true;
        };
    assertThat(registry.resolve(server.reference(":v1")).bytes()).isEqualTo(model());
  }

  @Test
  void givesUpOnARegistryThatIsBusyForLong() {
    server.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Retry-After", "3600");
          FakeRegistry.send(exchange, 429, "TOOMANYREQUESTS");
          return true;
        };
    assertThatThrownBy(() -> registry.resolve(server.reference(":v1")))
        .hasMessageContaining("answered 429")
        .hasMessageContaining("try again later");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void asksOnlyItsOwnRegistry() throws Exception {
    try (FakeRegistry other = new FakeRegistry()) {
      assertThatThrownBy(() -> registry.resolve(other.reference(":v1")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  // --- referrers

  private Descriptor subject() {
    return Descriptor.of(MediaTypes.MANIFEST, model());
  }

  private ImageManifest referrer(int number) {
    return manifest(Optional.of(subject()), "referrer " + number);
  }

  @Test
  void findsReferrersOnAllPages() throws Exception {
    server.pageSize = 2;
    for (int i = 0; i < 5; i++) {
      server.put(referrer(i).toJson(), "");
    }
    Referrers referrers = registry.referrers(REPOSITORY, subject().digest());
    assertThat(referrers.found()).hasSize(5);
    assertThat(referrers.api()).isTrue();
    assertThat(referrers.tag()).isFalse();
  }

  @Test
  void findsThoseOfTheTagToo() throws Exception {
    server.put(referrer(1).toJson(), "");
    registry.attach(REPOSITORY, subject(), referrer(1), AttachMode.TAG);
    registry.attach(REPOSITORY, subject(), referrer(2), AttachMode.TAG);
    Referrers referrers = registry.referrers(REPOSITORY, subject().digest());
    assertThat(referrers.found()).hasSize(2);
    assertThat(referrers.tag()).isTrue();
    assertThat(referrers.api()).isTrue();
  }

  @Test
  void attachesByTheTagWhereThereIsNoApi() throws Exception {
    server.referrersApi = false;
    for (int i = 0; i < 3; i++) {
      OciDigest digest = registry.attach(REPOSITORY, subject(), referrer(i), AttachMode.AUTO);
      assertThat(server.manifests).containsKey(digest.toString());
    }
    registry.attach(REPOSITORY, subject(), referrer(1), AttachMode.AUTO);
    Referrers referrers = registry.referrers(REPOSITORY, subject().digest());
    assertThat(referrers.found()).hasSize(3);
    assertThat(referrers.api()).isFalse();
    assertThat(referrers.found().get(0).artifactType()).contains("application/vnd.test");
    assertThat(referrers.found().get(0).annotations()).containsEntry("test", "referrer 0");
  }

  @Test
  void attachesWithoutTheTagWhereThereIsTheApi() throws Exception {
    registry.attach(REPOSITORY, subject(), referrer(1), AttachMode.AUTO);
    assertThat(server.tags).isEmpty();
    assertThat(registry.referrers(REPOSITORY, subject().digest()).found()).hasSize(1);
  }

  @Test
  void attachesNothingWhereTheApiIsDemandedAndMissing() {
    server.referrersApi = false;
    assertThatThrownBy(
            () -> registry.attach(REPOSITORY, subject(), referrer(1), AttachMode.REFERRERS))
        .hasMessageContaining("has no referrers API, so nothing was attached");
    assertThat(server.manifests).isEmpty();
  }

  @Test
  void writesTheTagAgainWhenAnotherWriterWasFaster() throws Exception {
    server.referrersApi = false;
    String tag = "sha256-" + subject().digest().hex();
    byte[] theirs =
        new ImageIndex(List.of(Descriptor.of(MediaTypes.MANIFEST, referrer(9).toJson())), Map.of())
            .toJson();
    int[] lost = {0};
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestMethod().equals("PUT")
              && exchange.getRequestURI().getPath().endsWith(tag)
              && lost[0]++ < 2) {
            exchange.getRequestBody().readAllBytes();
            server.put(theirs, tag);
            FakeRegistry.send(exchange, 201, "");
            return true;
          }
          return false;
        };
    registry.attach(REPOSITORY, subject(), referrer(1), AttachMode.AUTO);
    assertThat(registry.referrers(REPOSITORY, subject().digest()).found()).hasSize(2);
  }

  @Test
  void saysThatTheTagIsNotKept() {
    server.referrersApi = false;
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestMethod().equals("PUT")
              && exchange.getRequestURI().getPath().contains("sha256-")) {
            exchange.getRequestBody().readAllBytes();
            FakeRegistry.send(exchange, 201, "");
            return true;
          }
          return false;
        };
    assertThatThrownBy(() -> registry.attach(REPOSITORY, subject(), referrer(1), AttachMode.AUTO))
        .hasMessageContaining("does not keep the referrer");
  }

  @Test
  void refusesATagThatIsNoIndex() {
    server.referrersApi = false;
    server.put(model(), "sha256-" + subject().digest().hex());
    assertThatThrownBy(() -> registry.referrers(REPOSITORY, subject().digest()))
        .isInstanceOf(MalformedImageException.class)
        .hasMessageContaining("must be that of an index");
  }

  @Test
  void refusesThousandsOfReferrers() {
    Descriptor[] many = new Descriptor[1_001];
    for (int i = 0; i < many.length; i++) {
      many[i] = Descriptor.of(MediaTypes.MANIFEST, bytes("referrer " + i));
    }
    server.interception =
        (exchange, number) -> {
          FakeRegistry.sendManifest(
              exchange, MediaTypes.INDEX, new ImageIndex(List.of(many), Map.of()).toJson());
          return true;
        };
    assertThatThrownBy(() -> registry.referrers(REPOSITORY, subject().digest()))
        .hasMessageContaining("@" + subject().digest())
        .hasMessageContaining("has more than 1000 referrers");
  }

  private void pages(boolean empty, boolean sameAddress, boolean sameContent) {
    server.interception =
        (exchange, number) -> {
          exchange
              .getResponseHeaders()
              .add("Link", "<?page=" + (sameAddress ? 1 : number) + ">; rel=\"next\"");
          Descriptor one =
              Descriptor.of(MediaTypes.MANIFEST, bytes("r" + (sameContent ? 1 : number)));
          FakeRegistry.sendManifest(
              exchange,
              MediaTypes.INDEX,
              new ImageIndex(empty ? List.of() : List.of(one), Map.of()).toJson());
          return true;
        };
  }

  @Test
  void endsPagesWithoutEnd() {
    pages(true, false, false);
    assertThatThrownBy(() -> registry.referrers(REPOSITORY, subject().digest()))
        .hasMessageContaining("has more than 100 pages");
    pages(false, true, false);
    assertThatThrownBy(() -> registry.referrers(REPOSITORY, subject().digest()))
        .hasMessageContaining("lead back to an earlier one");
    pages(false, false, true);
    assertThatThrownBy(() -> registry.referrers(REPOSITORY, subject().digest()))
        .hasMessageContaining("repeat what was there before");
  }

  @Test
  void followsNoPageToAnotherHost() throws Exception {
    try (FakeRegistry other = new FakeRegistry()) {
      server.interception =
          (exchange, number) -> {
            exchange
                .getResponseHeaders()
                .add("Link", "<http://" + other.host() + "/v2/>; rel=next");
            return false;
          };
      assertThatThrownBy(() -> registry.referrers(REPOSITORY, subject().digest()))
          .hasMessageContaining("as the next page, which is not used");
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  void refusesAPageInPlaceOfReferrersSoThatNothingIsHidden() {
    server.interception =
        (exchange, number) -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          FakeRegistry.send(exchange, 200, "<html>");
          return true;
        };
    assertThatThrownBy(() -> registry.referrers(REPOSITORY, subject().digest()))
        .hasMessageContaining("answered with 'text/html', expected a list of referrers");
  }

  @Test
  void takesARedirectOfTheApiForNone() throws Exception {
    server.interception =
        (exchange, number) -> {
          if (exchange.getRequestURI().getPath().contains("/referrers/")) {
            exchange.getResponseHeaders().add("Location", "https://example.com/");
            FakeRegistry.send(exchange, 303, "");
            return true;
          }
          return false;
        };
    assertThat(registry.referrers(REPOSITORY, subject().digest()).api()).isFalse();
  }

  @Test
  void failsWhenReferrersCannotBeListed() {
    server.interception =
        (exchange, number) -> {
          FakeRegistry.send(exchange, 500, "down");
          return true;
        };
    assertThatThrownBy(() -> registry.referrers(REPOSITORY, subject().digest()))
        .hasMessageContaining("answered 500");
  }
}
