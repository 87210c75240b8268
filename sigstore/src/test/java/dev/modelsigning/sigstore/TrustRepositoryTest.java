package dev.modelsigning.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.sigstore.internal.trust.TufException;
import dev.modelsigning.sigstore.internal.trust.TufState;
import dev.modelsigning.testing.TestHttpServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustRepositoryTest {

  private static final Duration DAY = Duration.ofDays(1);

  /** Metadata are published for a day. */
  private static final Clock AFTER_EXPIRY = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));

  @TempDir Path directory;

  private final TestSigstore sigstore = new TestSigstore();
  private final List<String> notices = new ArrayList<>();
  private TestRepository server;
  private TrustRepository repository;

  @BeforeEach
  void start() throws Exception {
    server = new TestRepository();
    server.publish(DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
    repository = repository(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TrustRepository repository(TestRepository of) throws IOException {
    return TrustRepository.at(of.address(), of.writeRoot(directory.resolve("root.json")))
        .withCache(cache())
        .withNotices(finding -> notices.add(finding.message()))
        .withClient(ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(1)));
  }

  private Path cache() {
    return directory.resolve("cache");
  }

  private void works() throws Exception {
    assertThat(repository.trustedRoot().transparencyLogs()).hasSize(2);
  }

  private void refuses(TrustRepository from, String... parts) {
    assertThatThrownBy(from::trustedRoot)
        .isInstanceOf(TrustConfigException.class)
        .hasMessageContainingAll(parts);
  }

  // --- with a network

  @Test
  void loadsATrustedRootWithoutAnySigningConfiguration() throws Exception {
    works();
    assertThat(notices).isEmpty();
    assertThat(server.requests).noneMatch(name -> name.contains("signing_config"));
    assertThatThrownBy(() -> repository.clientTrustConfig())
        .isInstanceOf(TrustConfigException.class)
        .hasMessageContaining("signing_config.v0.2.json");
  }

  @Test
  void worksWhereNothingCanBeKeptAndSaysSo() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    repository.withCache(file.resolve("cache")).trustedRoot();
    assertThat(notices).singleElement().asString().contains("cannot be kept in ");
  }

  /** What the repository has, from another server. */
  private TestHttpServer.Answers files(int missing) {
    return (request, number, connection) -> {
      byte[] content = server.files.get(request.path().substring(1));
      TestHttpServer.send(
          connection, content == null ? missing : 200, content == null ? new byte[0] : content);
    };
  }

  private TrustRepository repository(TestHttpServer of) throws IOException {
    return TrustRepository.at(of.uri(""), server.writeRoot(directory.resolve("root.json")))
        .withCache(cache())
        .withNotices(finding -> notices.add(finding.message()))
        .withClient(ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(1)));
  }

  @Test
  void knowsTheNewestRootWhereABucketForbidsToLookForMore() throws Exception {
    try (TestHttpServer bucket = new TestHttpServer(files(403))) {
      repository = repository(bucket);
      works();
      server.rotate();
      server.publish(DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
      works();
      assertThat(notices).isEmpty();
      assertThat(bucket.requests()).anyMatch(request -> request.path().equals("/3.root.json"));
      // Of other files it says that they cannot be had.
      server.files.remove("timestamp.json");
      works();
      assertThat(notices).singleElement().asString().contains("/timestamp.json answered 403");
    }
  }

  @Test
  void followsRedirectsAndTakesNothingAlong() throws Exception {
    try (TestHttpServer mirror = new TestHttpServer(files(404));
        TestHttpServer front =
            new TestHttpServer((request, number, connection) ->
                TestHttpServer.send(
                    connection,
                    302,
                    new byte[0],
                    "Location: " + mirror.uri(request.path()),
                    "Set-Cookie: session=1"))) {
      repository = repository(front);
      works();
      assertThat(notices).isEmpty();
      assertThat(mirror.requests()).isNotEmpty().hasSameSizeAs(front.requests());
      assertThat(front.requests()).allMatch(request -> !request.headers().containsKey("Cookie"));
      assertThat(mirror.requests())
          .allSatisfy(request ->
              assertThat(request.headers().keySet())
                  .isSubsetOf("Host", "User-Agent", "Connection", "Content-Length"));
    }
  }

  @Test
  void goesByItsCacheWhereARedirectLeadsNowhere() throws Exception {
    works();
    try (TestHttpServer circle =
        new TestHttpServer((request, number, connection) ->
            TestHttpServer.send(connection, 302, new byte[0], "Location: " + request.path()))) {
      repository = repository(circle);
      works();
      assertThat(notices).singleElement().asString().contains("redirects more than 5 times");
    }
  }

  @Test
  void loadsASigningConfigurationToo() throws Exception {
    try (TestServices services = new TestServices()) {
      String config = services.configJson();
      String signing =
          TrustConfigDocument.parse("test", config.getBytes(StandardCharsets.UTF_8))
              .signingConfig()
              .orElseThrow()
              .text();
      server.publish(
          DAY,
          Map.of(
              "trusted_root.json",
              services.sigstore.trustedRootJson(),
              "signing_config.v0.2.json",
              signing));
      ClientTrustConfig loaded = repository.clientTrustConfig();
      assertThat(loaded.signingConfig().certificateAuthority().uri().toString())
          .isEqualTo(services.address("/fulcio"));
    }
  }

  @Test
  void takesOverWhatIsNewAndFollowsNewKeys() throws Exception {
    works();
    server.rotate();
    server.publish(DAY, Map.of("trusted_root.json", sigstore.trustedRootJson() + "\n"));
    works();
    server.rotate();
    server.publish(DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
    works();
    works();
    assertThat(notices).isEmpty();
    repository = repository.offline();
    works();
  }

  @Test
  void readsARepositoryWithPlainNames() throws Exception {
    Map.copyOf(server.files)
        .forEach((name, content) -> {
          if (!name.endsWith("root.json") || name.startsWith("targets/")) {
            server.files.remove(name);
            server.files.put(name.replaceFirst("(^|/)[0-9a-f]+\\.", "$1"), content);
          }
        });
    works();
    repository = repository.offline();
    works();
  }

  @Test
  void registersNoSecurityProvider() throws Exception {
    works();
    assertThat(Security.getProvider("BC")).isNull();
  }

  @Test
  void refusesMetadataOfBeforeALaterOne() throws Exception {
    server.publish(5, DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
    works();
    server.publish(4, DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
    refuses(repository, "is not to be trusted");
  }

  @Test
  void refusesExpiredMetadataEvenIfTheyWereKnownBefore() throws Exception {
    server.publish(7, DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
    works();
    refuses(repository.withClock(AFTER_EXPIRY), "is not to be trusted", "expired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"timestamp.json", "1.snapshot.json", "1.targets.json", "targets/"})
  void refusesFilesThatSomebodyChanged(String name) {
    server.files.replaceAll((file, content) -> file.startsWith(name) ? changed(content) : content);
    refuses(repository, server.address().toString());
    assertThat(cache()).doesNotExist();
  }

  private static byte[] changed(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    String other =
        text.replace("\"version\":1", "\"version\":2").replace("rekor.test", "rekor.evil");
    return other.equals(text)
        ? (text + " ").getBytes(StandardCharsets.UTF_8)
        : other.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rubbish", "{}", "[]", "null", "{\"signed\":{},\"signatures\":[]}"})
  void refusesRubbish(String rubbish) {
    for (String name : List.of("timestamp.json", "1.snapshot.json", "2.root.json")) {
      Map<String, byte[]> before = Map.copyOf(server.files);
      server.files.put(name, rubbish.getBytes(StandardCharsets.UTF_8));
      refuses(repository, "is not to be trusted");
      server.files.clear();
      server.files.putAll(before);
    }
  }

  @Test
  void refusesTheRepositoryOfAStranger() throws Exception {
    try (TestRepository stranger = new TestRepository()) {
      stranger.publish(DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
      TrustRepository mixed =
          TrustRepository.at(stranger.address(), server.writeRoot(directory.resolve("r")))
              .withCache(cache());
      refuses(mixed, "is not to be trusted");
    }
  }

  // --- without

  @Test
  void goesByItsCacheWithoutANetworkAndSaysSo() throws Exception {
    works();
    server.close();
    works();
    assertThat(notices)
        .singleElement()
        .asString()
        .contains(server.address().toString(), "said before", "valid until", "cannot be reached");
    notices.clear();
    repository = repository.offline();
    works();
    assertThat(notices).singleElement().asString().contains("not asked");
  }

  @Test
  void goesByItsCacheWhereTheServerIsIll() throws Exception {
    works();
    server.files.clear();
    TestServices ill = new TestServices();
    try (ill) {
      ill.replace("/2.root.json", TestServices.answering(503, ""));
      TrustRepository elsewhere =
          TrustRepository.at(URI.create(ill.address("")), directory.resolve("root.json"))
              .withCache(cache())
              .withNotices(finding -> notices.add(finding.message()))
              .withClient(ServiceClient.with(Duration.ofSeconds(5), Duration.ofMillis(1)));
      assertThat(elsewhere.trustedRoot()).isNotNull();
      assertThat(notices).singleElement().asString().contains("answered 503");
    }
  }

  @Test
  void saysWhatToDoWithoutNetworkAndCache() {
    server.close();
    assertThatThrownBy(() -> repository.trustedRoot())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageEndingWith(
            "without a network, give a file with a trusted root (--trusted-root)");
    // 'sign' does not take a file with a trusted root alone.
    assertThatThrownBy(() -> repository.clientTrustConfig())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "without a network, name another instance with its trusted root and its services"
                + " (--trust-config), or sign with a key or a certificate");
    assertThatThrownBy(() -> repository.offline().trustedRoot())
        .hasMessageEndingWith(
            "load it once with a network, or give a file with a trusted root (--trusted-root)");
    assertThatThrownBy(() -> repository.offline().trustedRoot())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(cache().toString());
  }

  @Test
  void refusesACacheThatHasExpired() throws Exception {
    server.publish(DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
    works();
    TrustRepository later = repository.withClock(AFTER_EXPIRY);
    refuses(later.offline(), "the cache " + cache(), "load it again with a network");
    server.close();
    refuses(later, "the cache " + cache());
  }

  @Test
  void refusesACacheThatWasTamperedWithAndReplacesItWithANetwork() throws Exception {
    works();
    List<Path> cached;
    try (Stream<Path> walk = Files.walk(cache())) {
      cached = walk.filter(Files::isRegularFile).toList();
    }
    assertThat(cached).hasSize(4);
    for (Path file : cached) {
      byte[] before = Files.readAllBytes(file);
      Files.write(file, changed(before));
      refuses(repository.offline(), "the cache " + cache(), "is not to be trusted");
      Files.write(file, new byte[0]);
      refuses(repository.offline(), "is not to be trusted");
      works();
      repository.offline().trustedRoot();
    }
    assertThat(notices).anyMatch(notice -> notice.contains("is replaced"));
  }

  @Test
  void refusesTheCacheOfAnotherRepository() throws Exception {
    works();
    try (TestRepository stranger = new TestRepository()) {
      TrustRepository foreign =
          TrustRepository.at(
                  server.address(), stranger.writeRoot(directory.resolve("stranger.json")))
              .withCache(cache())
              .offline();
      refuses(foreign, "the cache " + cache());
    }
  }

  @Test
  void refusesACacheWhoseRootSomebodyPutThere() throws Exception {
    works();
    try (TestRepository stranger = new TestRepository()) {
      stranger.rotate();
      stranger.publish(DAY, Map.of("trusted_root.json", sigstore.trustedRootJson()));
      for (Map.Entry<String, byte[]> file : stranger.files.entrySet()) {
        Files.write(cache().resolve(file.getKey()), file.getValue());
      }
      refuses(repository.offline(), "the cache " + cache());
    }
  }

  /** The roots that the public instances begin with verify by the JDK's algorithms. */
  @Test
  void knowsTheKeysOfThePublicInstances() {
    for (TrustRepository instance :
        List.of(TrustRepository.publicGood(), TrustRepository.staging())) {
      assertThatThrownBy(() ->
              new TufState(instance.bootstrapRoot())
                  .update(
                      (name, maxLength) -> Optional.empty(),
                      Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)))
          .isInstanceOf(TufException.class)
          .hasMessageContaining("timestamp.json");
    }
  }

  @Test
  void keepsNothingForAUserWithoutAHome() throws Exception {
    TrustRepository homeless = repository.withoutCache();
    homeless.trustedRoot();
    assertThat(notices)
        .containsExactly(
            "what the trust repository said cannot be kept, so it will be asked again: the user has"
                + " no home directory; set HOME to an absolute path, or XDG_CACHE_HOME");
    assertThat(cache()).doesNotExist();
    assertThatThrownBy(() -> homeless.offline().trustedRoot())
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("none: the user has no home directory", "set HOME");
    server.close();
    assertThatThrownBy(homeless::trustedRoot)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no earlier answer in a cache (none: the user has no home directory");
  }

  @Test
  void hasADirectoryForEachRepositoryByDefault() {
    assertThat(TrustRepository.publicGood().cache())
        .isNotEqualTo(TrustRepository.staging().cache());
    assertThat(TrustRepository.publicGood().cache().toString())
        .contains("tuf-repo-cdn.sigstore.dev");
  }
}
