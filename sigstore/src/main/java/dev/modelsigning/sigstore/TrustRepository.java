package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.file.ByteOrderMark;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.sigstore.internal.trust.TufCache;
import dev.modelsigning.sigstore.internal.trust.TufException;
import dev.modelsigning.sigstore.internal.trust.TufMirror;
import dev.modelsigning.sigstore.internal.trust.TufState;
import dev.modelsigning.sigstore.internal.trust.TufState.UnreachableException;
import dev.sigstore.tuf.SigstoreTufClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A repository that hands out the trusted root and the signing configuration of a Sigstore instance
 * (TUF). It can withdraw keys, so it is asked every time; without a network its last answer, kept
 * on disk, serves until it expires. What is on disk is verified like what comes over the network: a
 * cache that was tampered with, has expired, or is of another repository is refused. A user without
 * a home directory has no cache.
 *
 * <p>There is no trusted root in this library to fall back on, since nobody could withdraw it;
 * where there never is a network, give a file to {@link TrustedRoot#load}. Instances are immutable.
 */
public final class TrustRepository {

  private static final String TRUSTED_ROOT = "trusted_root.json";
  private static final String SIGNING_CONFIG = "signing_config.v0.2.json";

  /** How long to wait for the network before the cache has to do. */
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final int NAME_LENGTH = 16;

  private final URI mirror;
  private final String bootstrapRoot;
  private final Optional<Path> cache;
  private final boolean online;
  private final Consumer<Finding> findings;
  private final ServiceClient client;
  private final Clock clock;

  private TrustRepository(
      URI mirror,
      String bootstrapRoot,
      Optional<Path> cache,
      boolean online,
      Consumer<Finding> findings,
      ServiceClient client,
      Clock clock) {
    this.mirror = mirror;
    this.bootstrapRoot = bootstrapRoot;
    this.cache = cache;
    this.online = online;
    this.findings = findings;
    this.client = client;
    this.clock = clock;
  }

  /** The repository of the public Sigstore instance. */
  public static TrustRepository publicGood() {
    return at(
        URI.create("https://tuf-repo-cdn.sigstore.dev"),
        resource(SigstoreTufClient.PUBLIC_GOOD_ROOT_RESOURCE));
  }

  /** The repository of the public instance for trials. */
  public static TrustRepository staging() {
    return at(
        URI.create("https://tuf-repo-cdn.sigstage.dev"),
        resource(SigstoreTufClient.STAGING_ROOT_RESOURCE));
  }

  /**
   * Any repository.
   *
   * @param mirror its address
   * @param root its {@code root.json}, in this or an older version; how it came here decides what
   *     trust in the repository means
   * @throws IOException if the file cannot be read
   */
  public static TrustRepository at(URI mirror, Path root) throws IOException {
    return at(mirror, ByteOrderMark.text(root, SmallFile.read(root, FileKind.TUF_ROOT)));
  }

  private static TrustRepository at(URI mirror, String root) {
    // One directory for each repository, told apart by what it is trusted for as well.
    byte[] name = (mirror + "\n" + root).getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(Sha256.of(Bytes.of(name))).substring(0, NAME_LENGTH);
    Optional<Path> cache = TufCache.base().map(base -> base.resolve(mirror.getHost() + "-" + hash));
    return new TrustRepository(
        mirror,
        root,
        cache,
        true,
        finding -> {},
        ServiceClient.with(TIMEOUT, Duration.ZERO),
        Clock.systemUTC());
  }

  private static String resource(String name) {
    try (InputStream stream = SigstoreTufClient.class.getClassLoader().getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("sigstore-java has no " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("sigstore-java cannot be read", e);
    }
  }

  /**
   * The same repository with another cache.
   *
   * @param directory a directory that no other repository has as its cache; it is made if needed
   */
  public TrustRepository withCache(Path directory) {
    return new TrustRepository(
        mirror, bootstrapRoot, Optional.of(directory), online, findings, client, clock);
  }

  /** The same repository for a user who has no place for a cache. */
  TrustRepository withoutCache() {
    return new TrustRepository(
        mirror, bootstrapRoot, Optional.empty(), online, findings, client, clock);
  }

  /** The same repository by its cache alone, without any network. */
  public TrustRepository offline() {
    return new TrustRepository(mirror, bootstrapRoot, cache, false, findings, client, clock);
  }

  /**
   * The same repository with somebody to tell what a user should know, such as that the cache had
   * to do.
   */
  public TrustRepository withNotices(Consumer<Finding> listener) {
    return new TrustRepository(mirror, bootstrapRoot, cache, online, listener, client, clock);
  }

  TrustRepository withClient(ServiceClient other) {
    return new TrustRepository(mirror, bootstrapRoot, cache, online, findings, other, clock);
  }

  /** The same repository with another clock, by which metadata expire. */
  TrustRepository withClock(Clock other) {
    return new TrustRepository(mirror, bootstrapRoot, cache, online, findings, client, other);
  }

  /**
   * Whom to trust. The repository need not have a signing configuration.
   *
   * @throws TrustConfigException if the repository, or its cache, does not stand up to verification
   * @throws IOException if it cannot be reached and there is no cache
   */
  public TrustedRoot trustedRoot() throws IOException {
    return TrustedRoot.parse(part(load(TRUSTED_ROOT), TRUSTED_ROOT));
  }

  /**
   * Whom to trust, and what to sign with.
   *
   * @throws TrustConfigException if the repository, or its cache, does not stand up to verification
   * @throws IOException if it cannot be reached and there is no cache
   */
  public ClientTrustConfig clientTrustConfig() throws IOException {
    Map<String, byte[]> targets = load(TRUSTED_ROOT, SIGNING_CONFIG);
    return new ClientTrustConfig(
        TrustedRoot.parse(part(targets, TRUSTED_ROOT)),
        SigningConfig.parse(part(targets, SIGNING_CONFIG)));
  }

  /** The root that trust begins with, in JSON. */
  String bootstrapRoot() {
    return bootstrapRoot;
  }

  /**
   * The files in which its last answer is kept, which nobody else should write to.
   *
   * @throws IOException if they cannot be listed
   */
  public List<Path> files() throws IOException {
    Optional<Path> directory = cache.filter(Files::isDirectory);
    if (directory.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory.get(), 3)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      throw new IOException(directory.get() + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  /** Where its last answer is kept, if it is. */
  Optional<Path> cache() {
    return cache;
  }

  /** What it is called in messages. */
  private String name() {
    return TufMirror.SERVICE + " at " + ServiceClient.show(mirror);
  }

  private TrustConfigDocument.Part part(Map<String, byte[]> targets, String name)
      throws TrustConfigException {
    byte[] content = targets.getOrDefault(name, new byte[0]);
    return TrustConfigDocument.Part.of(ServiceClient.show(mirror) + ": " + name, content);
  }

  private Map<String, byte[]> load(String... names) throws IOException {
    TufCache files = new TufCache(cache);
    if (!online) {
      return loadCached(files, "not asked", names);
    }
    TufState state = known(files);
    TufMirror source = new TufMirror(client, mirror);
    try {
      Map<String, byte[]> targets = load(state, names, source);
      keep(files, source.fetched());
      return targets;
    } catch (UnreachableException e) {
      if (files.isEmpty()) {
        throw new IOException(
            e.getMessage()
                + "; there is no earlier answer in "
                + files
                + " either; without a network, give a file with a trusted root",
            e);
      }
      return loadCached(files, "" + e.getMessage(), names);
    } catch (TufException e) {
      throw new TrustConfigException(name() + " is not to be trusted: " + e.getMessage(), e);
    }
  }

  /** What was verified serves now also where it cannot be kept, as in a container. */
  private void keep(TufCache files, Map<String, byte[]> fetched) {
    try {
      files.write(fetched);
    } catch (IOException e) {
      findings.accept(
          Finding.of(
              SigstoreRules.TRUST_NOT_KEPT,
              "what the trust repository said cannot be kept"
                  + (cache.isPresent() ? " in " + files : "")
                  + ", so it will be asked again: "
                  + e.getMessage()));
    }
  }

  private Map<String, byte[]> load(TufState state, String[] names, TufState.Source source)
      throws IOException {
    state.update(source, clock);
    // The client does not look at the dates of what it had already.
    Instant expiry = state.expiry();
    if (expiry.isBefore(clock.instant())) {
      throw new TufException("its metadata expired at " + expiry);
    }
    Map<String, byte[]> targets = new HashMap<>();
    for (String name : names) {
      targets.put(name, state.target(source, clock, name));
    }
    return targets;
  }

  /** What is known from before, however old: what comes now must not be older. */
  private TufState known(TufCache files) throws IOException {
    TufState state = new TufState(bootstrapRoot);
    if (files.isEmpty()) {
      return state;
    }
    try {
      state.update(files, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
      return state;
    } catch (TufException e) {
      findings.accept(
          Finding.of(
              SigstoreRules.TRUST_CACHE_REPLACED,
              "the cache "
                  + files
                  + " is damaged, or of another repository, and is replaced: "
                  + e.getMessage()));
      return new TufState(bootstrapRoot);
    }
  }

  private Map<String, byte[]> loadCached(TufCache files, String why, String... names)
      throws IOException {
    if (files.isEmpty()) {
      throw new IOException(
          "there is no answer of "
              + name()
              + " in "
              + files
              + "; load it once with a network, or give a file with a trusted root");
    }
    TufState state = new TufState(bootstrapRoot);
    Map<String, byte[]> targets;
    Instant expiry;
    try {
      targets = load(state, names, files);
      expiry = state.expiry();
    } catch (TufException e) {
      throw new TrustConfigException(
          "the cache "
              + files
              + " of "
              + name()
              + " is not to be trusted: "
              + e.getMessage()
              + "; load it again with a network",
          e);
    }
    findings.accept(
        Finding.of(
            SigstoreRules.TRUST_FROM_CACHE,
            "going by what "
                + name()
                + " said before, valid until "
                + expiry
                + " (network: "
                + why
                + ")"));
    return targets;
  }
}
