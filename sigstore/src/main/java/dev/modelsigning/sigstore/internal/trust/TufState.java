package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.internal.json.Printable;
import dev.sigstore.tuf.Fetcher;
import dev.sigstore.tuf.MetaFetcher;
import dev.sigstore.tuf.MetaStore;
import dev.sigstore.tuf.TargetStore;
import dev.sigstore.tuf.TrustedMetaStore;
import dev.sigstore.tuf.Updater;
import dev.sigstore.tuf.model.SignedTufMeta;
import dev.sigstore.tuf.model.TufMeta;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The verified state of a TUF repository: based on a trusted initial root, verified by the client
 * of sigstore-java, in memory.
 */
public final class TufState {

  /**
   * The largest file of a repository. Current metadata have 5 KB, trusted roots 10 KB; the client
   * would accept 99 MB before it verifies any signature, and use much more memory.
   */
  private static final int MAX_SIZE = 4 * 1024 * 1024;

  /** Messages of the client quote the repository. */
  private static final int MAX_MESSAGE = 1_000;

  private final String bootstrapRoot;
  private final Memory memory = new Memory();

  /** Creates a state with only the initial root, in JSON. */
  public TufState(String bootstrapRoot) {
    this.bootstrapRoot = bootstrapRoot;
  }

  /** A source of the files of a repository. */
  public interface Source {
    /**
     * Reads a file.
     *
     * @return its content, or empty if there is none
     */
    Optional<byte[]> read(String name, int maxLength) throws IOException;
  }

  /** The source of files cannot be reached. */
  public static final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message and the failure of the client. */
    public UnreachableException(String message, IOException cause) {
      super(message, cause);
    }
  }

  /**
   * Updates the metadata to the newest of a source.
   *
   * @param source where the files come from
   * @param clock the clock for the expiry of metadata
   * @throws UnreachableException if the source cannot be reached
   * @throws TufException if its content fails verification
   */
  public void update(Source source, Clock clock) throws IOException {
    run(source, clock, Updater::updateMeta);
  }

  /** Reads a target according to the current metadata. */
  public byte[] target(Source source, Clock clock, String name) throws IOException {
    run(source, clock, updater -> updater.downloadTarget(name));
    return memory.readTarget(name);
  }

  /** A step of the update. */
  @FunctionalInterface
  private interface Step {
    void run(Updater updater) throws Exception;
  }

  private void run(Source source, Clock clock, Step step) throws IOException {
    Updater updater =
        Updater.builder()
            .setClock(clock)
            .setVerifiers(TufVerifiers::of)
            .setTrustedRootPath(() -> bootstrapRoot)
            .setTrustedMetaStore(TrustedMetaStore.newTrustedMetaStore(memory))
            .setTargetStore(memory)
            .setMetaFetcher(MetaFetcher.newFetcher(fetcher(source, "")))
            .setTargetFetcher(fetcher(source, "targets/"))
            .build();
    try {
      step.run(updater);
    } catch (UnreachableException | InterruptedIOException e) {
      throw e;
    } catch (Exception e) {
      // The client throws various checked and unchecked exceptions.
      throw new TufException(Printable.brief("" + e.getMessage(), MAX_MESSAGE), e);
    }
  }

  private static Fetcher fetcher(Source source, String folder) {
    return new Fetcher() {
      @Override
      public String getSource() {
        return folder;
      }

      @Override
      @SuppressWarnings("NullAway") // null tells the client that there is no such file
      public byte[] fetchResource(String name, int maxLength) throws IOException {
        if (!name.matches("[A-Za-z0-9._-]{1,300}")) {
          throw new IOException("a file of the repository has a name that is not usual");
        }
        return source.read(folder + name, Math.min(maxLength, MAX_SIZE)).orElse(null);
      }
    };
  }

  /** The earliest expiry of the metadata. */
  public Instant expiry() throws TufException {
    try {
      Instant earliest = Instant.MAX;
      for (SignedTufMeta<? extends TufMeta> meta : memory.metadata.values()) {
        Instant expires = meta.getSignedMeta().getExpiresAsDate().toInstant();
        earliest = expires.isBefore(earliest) ? expires : earliest;
      }
      return earliest;
    } catch (Exception e) {
      throw new TufException(Printable.escape("" + e.getMessage()), e);
    }
  }

  /** Stores what was verified. */
  private static final class Memory implements MetaStore, TargetStore {
    private final Map<String, SignedTufMeta<? extends TufMeta>> metadata = new HashMap<>();
    private final Map<String, byte[]> targets = new HashMap<>();

    @Override
    public String getIdentifier() {
      return "memory";
    }

    @Override
    public <T extends SignedTufMeta<? extends TufMeta>> Optional<T> readMeta(
        String role, Class<T> type) {
      return Optional.ofNullable(metadata.get(role)).map(type::cast);
    }

    @Override
    public void writeMeta(String role, SignedTufMeta<? extends TufMeta> meta) {
      metadata.put(role, meta);
    }

    @Override
    public void clearMeta(String role) {
      metadata.remove(role);
    }

    @Override
    public void writeTarget(String name, byte[] content) {
      targets.put(name, content);
    }

    @Override
    public byte[] readTarget(String name) throws IOException {
      byte[] content = targets.get(name);
      if (content == null) {
        throw new FileNotFoundException(name);
      }
      return content;
    }

    @Override
    public InputStream getTargetInputSteam(String name) throws IOException {
      return new ByteArrayInputStream(readTarget(name));
    }

    @Override
    public boolean hasTarget(String name) {
      return targets.containsKey(name);
    }
  }
}
