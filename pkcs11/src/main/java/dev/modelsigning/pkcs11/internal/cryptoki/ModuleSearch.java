package dev.modelsigning.pkcs11.internal.cryptoki;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.platform.FileOwners;
import dev.modelsigning.internal.platform.UserDirectories;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.pkcs11.internal.uri.UriAttribute;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Locates the file of a PKCS #11 module.
 *
 * @param registries directories with p11-kit's {@code .module} files
 * @param directories directories with modules, in order of preference
 */
public record ModuleSearch(List<Path> registries, List<Path> directories) {

  /** The module of p11-kit, which provides all modules that are registered with it. */
  private static final String PROXY = "p11-kit-proxy";

  /** Copies both lists. */
  public ModuleSearch {
    registries = List.copyOf(registries);
    directories = List.copyOf(directories);
  }

  /**
   * Locates the module for a URI: the one in its {@code module-path}, else in the user's path, both
   * of which may be a directory that contains the {@code module-name}; else the one with this name;
   * else p11-kit's.
   *
   * @throws SigningException if there is none, or more than one matches
   */
  public Path find(TokenUri uri, @Nullable Path given) throws IOException, SigningException {
    Optional<Path> path = modulePath(uri);
    if (path.isPresent() && given != null && !path.get().equals(given)) {
      throw new SigningException(
          "module-path in the PKCS #11 URI is "
              + path.get()
              + ", but the module was also given as "
              + given
              + "; name it once");
    }
    Path place = path.orElse(given);
    Optional<String> name = uri.text(UriAttribute.MODULE_NAME);
    if (place == null) {
      return name.isPresent() ? named(name.get()) : proxy();
    }
    if (!Files.isDirectory(place)) {
      return place.toAbsolutePath();
    }
    if (name.isEmpty()) {
      throw new SigningException(
          place
              + ": is a directory, expected the file of a PKCS #11 module; give it, or add"
              + " module-name=NAME to the URI");
    }
    return new ModuleSearch(List.of(), List.of(place.toAbsolutePath())).named(name.get());
  }

  /**
   * URIs are passed around, so a URI must not refer to different files depending on the current
   * directory.
   */
  private static Optional<Path> modulePath(TokenUri uri) throws SigningException {
    Optional<String> text = uri.text(UriAttribute.MODULE_PATH);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> path = UserDirectories.absolute(text.get());
    if (path.isEmpty()) {
      throw new SigningException(
          "module-path in the PKCS #11 URI: expected an absolute path, found "
              + Printable.quote(text.get())
              + "; name a module that is installed with ?module-name=NAME");
    }
    return path;
  }

  private Path proxy() throws IOException, SigningException {
    // p11-kit reads the registries itself, and loads the modules in them.
    for (Path registry : registries) {
      for (Path entry : entries(registry)) {
        requireOurs(entry);
      }
    }
    for (Path file : modules()) {
      if (baseName(file).equals(PROXY)) {
        return file;
      }
    }
    throw new SigningException(
        "the PKCS #11 URI names no module, and p11-kit, which knows those of this machine, is not"
            + " installed; add ?module-path=FILE or ?module-name=NAME to the URI, or install"
            + " p11-kit");
  }

  private Path named(String name) throws IOException, SigningException {
    String wanted = baseName(Path.of(name));
    Optional<Path> registered = registered(wanted);
    if (registered.isPresent()) {
      return registered.get();
    }
    Set<Path> ending = new LinkedHashSet<>();
    for (Path file : modules()) {
      String found = baseName(file);
      if (found.equals(wanted)) {
        return file;
      }
      if (found.endsWith("-" + wanted)) {
        ending.add(file.toRealPath());
      }
    }
    if (ending.size() == 1) {
      return ending.iterator().next();
    }
    throw new SigningException(
        (ending.isEmpty()
                ? "no PKCS #11 module " + Printable.quote(name) + " was found in "
                : ending.size() + " PKCS #11 modules end with " + Printable.quote(name) + ": ")
            + String.join(
                ", ",
                (ending.isEmpty() ? searched() : ending).stream().map(Path::toString).toList())
            + "; name its file with ?module-path=FILE in the URI");
  }

  private Set<Path> searched() {
    Set<Path> all = new LinkedHashSet<>(registries);
    all.addAll(directories);
    all.removeIf(directory -> !Files.isDirectory(directory));
    return all.isEmpty() ? new LinkedHashSet<>(directories) : all;
  }

  /** The module that is registered with p11-kit under this name, or whose file has this name. */
  private Optional<Path> registered(String wanted) throws IOException {
    for (Path registry : registries) {
      for (Path entry : entries(registry)) {
        if (!entry.toString().endsWith(".module")) {
          continue;
        }
        Optional<Path> module = moduleOf(entry);
        String entryName = entry.getFileName().toString().replaceFirst("\\.module$", "");
        if (module.isPresent()
            && (baseName(Path.of(entryName)).equals(wanted)
                || baseName(module.get()).equals(wanted))) {
          return module;
        }
      }
    }
    return Optional.empty();
  }

  /** Other users must not be able to choose which native code is run. */
  private static void requireOurs(Path entry) throws IOException {
    FileOwners.requireOurs(entry, "which PKCS #11 module is loaded");
  }

  /** The file in a line {@code module: FILE}; relative paths are relative to a module directory. */
  private Optional<Path> moduleOf(Path entry) throws IOException {
    if (!Files.isRegularFile(entry)) {
      return Optional.empty();
    }
    requireOurs(entry);
    // Decoded with one character for each byte, so that a comment in an old encoding is harmless.
    byte[] content = SmallFile.read(entry, FileKind.MODULE_CONFIGURATION);
    for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (line.strip().startsWith("module:")) {
        return file(line.strip().substring("module:".length()).strip());
      }
    }
    return Optional.empty();
  }

  private Optional<Path> file(String module) {
    Path path;
    try {
      path = Path.of(module);
    } catch (InvalidPathException e) {
      return Optional.empty(); // not a valid file name
    }
    if (path.isAbsolute()) {
      return Optional.of(path).filter(Files::isRegularFile);
    }
    return directories.stream()
        .map(directory -> directory.resolve(path).normalize())
        .filter(file -> directories.stream().anyMatch(file::startsWith))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private List<Path> modules() throws IOException {
    List<Path> modules = new ArrayList<>();
    for (Path directory : directories) {
      for (Path file : entries(directory)) {
        if (isLibrary(file) && Files.isRegularFile(file)) {
          modules.add(file);
        }
      }
    }
    return modules;
  }

  private static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
      return List.of();
    }
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    entries.sort(null);
    return entries;
  }

  private static boolean isLibrary(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".so") || name.endsWith(".dylib") || name.endsWith(".dll");
  }

  /** The name without {@code lib} and extension, in lower case. */
  private static String baseName(Path file) {
    return String.valueOf(file.getFileName())
        .toLowerCase(Locale.ROOT)
        .replaceFirst("\\.(so|dylib|dll)$", "")
        .replaceFirst("^lib(?=.)", "");
  }
}
