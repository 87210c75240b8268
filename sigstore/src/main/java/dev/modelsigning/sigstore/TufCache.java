package dev.modelsigning.sigstore;

import dev.modelsigning.file.FileKind;
import dev.modelsigning.file.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The files of a TUF repository on disk, as the repository has them. Nothing is believed because it
 * is here: it is verified each time as if it came from the repository.
 */
final class TufCache implements TufState.Source {

  private final Path directory;

  TufCache(Path directory) {
    this.directory = directory;
  }

  /** The directory for caches of this program, by the customs of the system. */
  static Path base() {
    String home = System.getProperty("user.home", ".");
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    Map<String, String> environment = System.getenv();
    String custom =
        environment.get(system.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    Path base =
        custom != null && !custom.isEmpty()
            ? Path.of(custom)
            : system.startsWith("mac")
                ? Path.of(home, "Library", "Caches")
                : Path.of(home, ".cache");
    return base.resolve("model-signing").resolve("tuf");
  }

  @Override
  public Optional<byte[]> read(String name, int maxLength) throws IOException {
    Path file = directory.resolve(name);
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

  boolean isEmpty() {
    return !Files.exists(directory.resolve("timestamp.json"));
  }

  /** Takes over files; that which names all others is written last. */
  void write(Map<String, byte[]> files) throws IOException {
    Files.createDirectories(directory.resolve("targets"));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!file.getKey().equals("timestamp.json")) {
        write(file.getKey(), file.getValue());
      }
    }
    byte[] timestamp = files.get("timestamp.json");
    if (timestamp != null) {
      write("timestamp.json", timestamp);
    }
  }

  private void write(String name, byte[] content) throws IOException {
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
    return directory.toString();
  }
}
