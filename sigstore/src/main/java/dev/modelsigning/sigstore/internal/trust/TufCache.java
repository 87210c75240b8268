package dev.modelsigning.sigstore.internal.trust;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.platform.UserDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The cached files of a TUF repository. They are not trusted because they are on disk: they are
 * verified each time like downloaded files.
 */
public final class TufCache implements TufState.Source {

  private final Optional<Path> directory;

  /** Creates a cache in a directory; without one nothing is stored. */
  public TufCache(Optional<Path> directory) {
    this.directory = directory;
  }

  /** The directory for caches of this program; empty for a user without a home directory. */
  public static Optional<Path> base() {
    return UserDirectories.current().cache().map(cache -> cache.resolve("model-signing/tuf"));
  }

  @Override
  public Optional<byte[]> read(String name, int maxLength) throws IOException {
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    Path file = directory.get().resolve(name);
    try {
      byte[] content = SmallFile.read(file, FileKind.CACHE);
      if (content.length > maxLength) {
        throw new IOException(file + " is larger than " + maxLength + " bytes");
      }
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether nothing is stored, or nothing can be. */
  public boolean isEmpty() {
    return directory.isEmpty() || !Files.exists(directory.get().resolve("timestamp.json"));
  }

  /** Stores files; the one that lists all others is written last. */
  public void write(Map<String, byte[]> files) throws IOException {
    if (directory.isEmpty()) {
      throw new IOException(
          "the user has no home directory; " + UserDirectories.ADVICE + ", or XDG_CACHE_HOME");
    }
    Files.createDirectories(directory.get().resolve("targets"));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().equals("timestamp.json")) {
        write(directory.get(), file.getKey(), file.getValue());
      }
    }
    byte[] timestamp = files.get("timestamp.json");
    if (timestamp != null) {
      write(directory.get(), "timestamp.json", timestamp);
    }
  }

  private static void write(Path directory, String name, byte[] content) throws IOException {
    Path target = directory.resolve(name);
    Path temporary = target.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      Files.write(temporary, content);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  @Override
  public String toString() {
    return directory
        .map(Path::toString)
        .orElse("a cache (none: the user has no home directory; " + UserDirectories.ADVICE + ")");
  }
}
