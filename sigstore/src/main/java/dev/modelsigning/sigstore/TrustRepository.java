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
 * A TUF repository with the trusted root and the signing configuration of a Sigstore instance.
 * Since it can revoke keys, it is updated on each use; without a network, the cached metadata are
 * used until they expire. The cache is verified like downloaded files: one that was tampered with,
 * has expired, or belongs to another repository is refused. A user without a home directory has no
 * cache.
 *
 * <p>This library contains no trusted root as a fallback, since it could not be revoked; on
 * machines that never have a network, load a file with {@link TrustedRoot#load}. Instances are
 * immutable.
 */
public final class TrustRepository {

  private static final String TRUSTED_ROOT = "trusted_root.json";
  private static final String SIGNING_CONFIG = "signing_config.v0.2.json";

  /** The time-out for the network, after which the cache is used. */
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

  /** The repository of the public staging instance. */
  public static TrustRepository staging() {
    return at(
        URI.create("https://tuf-repo-cdn.sigstage.dev"),
        resource(SigstoreTufClient.STAGING_ROOT_RESOURCE));
  }

  /**
   * Returns a repository at a URL.
   *
   * @param mirror its address
   * @param root its {@code root.json}, in this or an older version; trust in the repository depends
   *     on how this file was obtained
   * @throws IOException if the file cannot be read
   */
  public static TrustRepository at(URI mirror, Path root) throws IOException {
    return at(mirror, ByteOrderMark.text(root, SmallFile.read(root, FileKind.TUF_ROOT)));
  }

  private static TrustRepository at(URI mirror, String root) {
    // One directory for each repository, distinguished by its initial root too.
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
   * Returns the same repository with another cache.
   *
   * @param directory a directory that is not the cache of another repository; it is created if
   *     needed
   */
  public TrustRepository withCache(Path directory) {
    return new TrustRepository(
        mirror, bootstrapRoot, Optional.of(directory), online, findings, client, clock);
  }

  /** Returns the same repository without a cache, for a user without a directory for it. */
  TrustRepository withoutCache() {
    return new TrustRepository(
        mirror, bootstrapRoot, Optional.empty(), online, findings, client, clock);
  }

  /** Returns the same repository, using its cache only, without any network access. */
  public TrustRepository offline() {
    return new TrustRepository(mirror, bootstrapRoot, cache, false, findings, client, clock);
  }

  /**
   * Returns the same repository with a listener for findings for the user, such as that the cache
   * was used.
   */
  public TrustRepository withNotices(Consumer<Finding> listener) {
    return new TrustRepository(mirror, bootstrapRoot, cache, online, listener, client, clock);
  }

  TrustRepository withClient(ServiceClient other) {
    return new TrustRepository(mirror, bootstrapRoot, cache, online, findings, other, clock);
  }

  /** Returns the same repository with another clock for the expiry of metadata. */
  TrustRepository withClock(Clock other) {
    return new TrustRepository(mirror, bootstrapRoot, cache, online, findings, client, other);
  }

  /**
   * Returns the trusted root. The repository need not have a signing configuration.
   *
   * @throws TrustConfigException if the repository, or its cache, fails verification
   * @throws IOException if it cannot be reached and there is no cache
   */
  public TrustedRoot trustedRoot() throws IOException {
    return TrustedRoot.parse(part(load(TRUSTED_ROOT), TRUSTED_ROOT));
  }

  /**
   * Returns the trusted root and the signing configuration.
   *
   * @throws TrustConfigException if the repository, or its cache, fails verification
   * @throws IOException if it cannot be reached and there is no cache
   */
  public ClientTrustConfig clientTrustConfig() throws IOException {
    Map<String, byte[]> targets = load(TRUSTED_ROOT, SIGNING_CONFIG);
    return new ClientTrustConfig(
        TrustedRoot.parse(part(targets, TRUSTED_ROOT)),
        SigningConfig.parse(part(targets, SIGNING_CONFIG)));
  }

  /** The initial root of trust, in JSON. */
  String bootstrapRoot() {
    return bootstrapRoot;
  }

  /**
   * The files of its cache, which must not be overwritten by others.
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

  /** The directory of the cache, if there is one. */
  Optional<Path> cache() {
    return cache;
  }

  /** Its name in messages. */
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
                + " either; without a network, "
                + instead(names),
            e);
      }
      return loadCached(files, "" + e.getMessage(), names);
    } catch (TufException e) {
      throw new TrustConfigException(name() + " is not to be trusted: " + e.getMessage(), e);
    }
  }

  /** What users can give in place of this repository: signers need more than verifiers. */
  private static String instead(String... names) {
    return List.of(names).contains(SIGNING_CONFIG)
        ? "name another instance with its trusted root and its services (--trust-config), or sign"
            + " with a key or a certificate"
        : "give a file with a trusted root (--trusted-root)";
  }

  /** Verified metadata are used now even if they cannot be stored, as in a container. */
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
    // The client does not check the expiry of metadata that it already had.
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

  /** Loads the known state, even if expired: new metadata must not be older than it. */
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
              + "; load it once with a network, or "
              + instead(names));
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
