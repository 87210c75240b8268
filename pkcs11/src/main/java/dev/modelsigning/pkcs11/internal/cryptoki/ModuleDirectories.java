package dev.modelsigning.pkcs11.internal.cryptoki;

import dev.modelsigning.internal.platform.UserDirectories;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The directories of PKCS #11 modules on different operating systems. */
public final class ModuleDirectories {

  private ModuleDirectories() {}

  /** The search for this platform. */
  public static ModuleSearch ofThisPlatform() throws IOException {
    List<Path> registries = new ArrayList<>();
    UserDirectories.current()
        .config()
        .ifPresent(config -> registries.add(config.resolve("pkcs11/modules")));
    registries.add(Path.of("/etc/pkcs11/modules"));
    registries.add(Path.of("/usr/share/p11-kit/modules"));
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return new ModuleSearch(List.of(), windows());
    }
    return new ModuleSearch(registries, system.startsWith("mac") ? mac() : linux());
  }

  private static List<Path> linux() throws IOException {
    List<Path> directories = new ArrayList<>();
    for (String directory : List.of("/usr/lib64", "/usr/local/lib", "/usr/lib")) {
      add(directories, Path.of(directory));
    }
    // Debian has a directory for each architecture.
    String machine = System.getProperty("os.arch", "").replace("amd64", "x86_64");
    Path lib = Path.of("/usr/lib");
    if (Files.isDirectory(lib)) {
      try (DirectoryStream<Path> triplets =
          Files.newDirectoryStream(lib, machine + "-linux-gnu*")) {
        triplets.forEach(triplet -> add(directories, triplet));
      }
    }
    return directories;
  }

  private static List<Path> mac() {
    List<Path> directories = new ArrayList<>();
    for (String directory : List.of("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")) {
      add(directories, Path.of(directory));
    }
    directories.add(Path.of("/Library/OpenSC/lib"));
    return directories;
  }

  private static void add(List<Path> directories, Path lib) {
    directories.add(lib.resolve("pkcs11"));
    directories.add(lib.resolve("softhsm"));
    directories.add(lib);
  }

  private static List<Path> windows() {
    Path programs = environment("ProgramFiles", "C:\\Program Files");
    return List.of(
        programs.resolve("OpenSC Project").resolve("OpenSC").resolve("pkcs11"),
        programs.resolve("Yubico").resolve("Yubico PIV Tool").resolve("bin"),
        programs.resolve("Yubico").resolve("YubiHSM Shell").resolve("bin"),
        programs.resolve("SoftHSM2").resolve("lib"),
        environment("SystemRoot", "C:\\Windows").resolve("System32"));
  }

  private static Path environment(String name, String fallback) {
    return UserDirectories.absolute(System.getenv(name)).orElseGet(() -> Path.of(fallback));
  }
}
