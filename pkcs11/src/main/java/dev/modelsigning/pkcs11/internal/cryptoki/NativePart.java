package dev.modelsigning.pkcs11.internal.cryptoki;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.FileOwners;
import dev.modelsigning.internal.platform.UserDirectories;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Loads the native part of JNA, which JNA unpacks from its jar. By default JNA uses a shared cache,
 * which is below the current directory for a user without a home directory; here it is a new
 * directory that only the user can enter, and that is deleted after the code is loaded.
 */
final class NativePart {

  /** The directory where JNA unpacks; if set, our directory is created there. */
  private static final String DIRECTORY = "jna.tmpdir";

  /** The directory where JNA looks for unpacked code first, if set. */
  private static final String UNPACKED = "jna.boot.library.path";

  private static boolean loaded;

  private NativePart() {}

  /**
   * Loads it, unless it is already loaded.
   *
   * @throws IOException if there is no directory in which it can be unpacked safely
   * @throws LinkageError if it cannot be loaded
   */
  static synchronized void load() throws IOException {
    if (loaded) {
      return;
    }
    for (String property : List.of(DIRECTORY, UNPACKED)) {
      String value = System.getProperty(property);
      if (value != null && UserDirectories.absolute(value).isEmpty()) {
        throw new IOException(
            "the system property "
                + property
                + " is "
                + Printable.quote(value)
                + ", expected an absolute path");
      }
    }
    if (Boolean.getBoolean("jna.nounpack")
        || !FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      // Windows has a separate directory for temporary files for each user.
      initialize();
    } else {
      unpack();
    }
    loaded = true;
  }

  private static void unpack() throws IOException {
    String before = System.getProperty(DIRECTORY);
    String parent = before == null ? System.getProperty("java.io.tmpdir") : before;
    Path place =
        UserDirectories.absolute(parent)
            .filter(Files::isDirectory)
            .orElseThrow(() ->
                new IOException(
                    "there is no directory to unpack native code in, as "
                        + Printable.quote(String.valueOf(parent))
                        + " is none; name one with -Djna.tmpdir=DIR"));
    FileOwners.requireSafeForNewFiles(place, "native code cannot be unpacked there safely");
    Path own =
        Files.createTempDirectory(
            place,
            "model-signing-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    own.toFile().deleteOnExit(); // in case the process is terminated meanwhile
    System.setProperty(DIRECTORY, own.toString());
    try {
      initialize();
    } finally {
      if (before == null) {
        System.clearProperty(DIRECTORY);
      } else {
        System.setProperty(DIRECTORY, before);
      }
      delete(own);
    }
  }

  private static void initialize() {
    try {
      Class.forName("com.sun.jna.Native", true, NativePart.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new NoClassDefFoundError("com.sun.jna.Native");
    }
  }

  private static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.delete(directory);
  }
}
