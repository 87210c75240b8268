package dev.modelsigning.internal.platform;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The directories of the user who runs this program (XDG Base Directory Specification). Each may be
 * absent: a user without an entry in {@code /etc/passwd} has no home directory unless {@code HOME}
 * is set, and Java's {@code user.home} is then {@code ?}. A relative path is treated as absent, as
 * it would refer to the current directory.
 *
 * @param home the home directory
 * @param config the directory for configuration files
 * @param cache the directory for caches
 */
public record UserDirectories(Optional<Path> home, Optional<Path> config, Optional<Path> cache) {

  /** The advice for a user who has none of these directories. */
  public static final String ADVICE = "set HOME to an absolute path";

  /** The variables that name directories of the user, for this program and for native code. */
  private static final List<String> VARIABLES =
      List.of(
          "HOME",
          "XDG_CONFIG_HOME",
          "XDG_CACHE_HOME",
          "XDG_DATA_HOME",
          "XDG_STATE_HOME",
          "XDG_RUNTIME_DIR");

  /** The directories of the user who runs this process. */
  public static UserDirectories current() {
    return of(System.getenv());
  }

  /** The directories of the user who runs this process, with other variables. */
  public static UserDirectories of(Map<String, String> environment) {
    return of(
        environment,
        System.getProperty("user.home"),
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT));
  }

  /**
   * Determines the directories from an environment.
   *
   * @param environment the variables
   * @param userHome the JVM's {@code user.home}
   * @param system the name of the operating system, in lower case
   */
  static UserDirectories of(
      Map<String, String> environment, @Nullable String userHome, String system) {
    Optional<Path> home =
        absolute(environment.get("HOME"))
            .filter(path -> !system.startsWith("windows"))
            .or(() -> absolute(userHome));
    if (system.startsWith("windows")) {
      return new UserDirectories(
          home,
          absolute(environment.get("APPDATA")),
          absolute(environment.get("LOCALAPPDATA"))
              .or(() -> home.map(path -> path.resolve(".cache"))));
    }
    String cache = system.startsWith("mac") ? "Library/Caches" : ".cache";
    return new UserDirectories(
        home,
        absolute(environment.get("XDG_CONFIG_HOME"))
            .or(() -> home.map(path -> path.resolve(".config"))),
        absolute(environment.get("XDG_CACHE_HOME"))
            .or(() -> home.map(path -> path.resolve(cache))));
  }

  /**
   * The directory for state: data that is kept between runs, and is worth nothing on another
   * machine.
   *
   * @param environment the variables
   */
  public static Optional<Path> state(Map<String, String> environment) {
    UserDirectories user = of(environment);
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return absolute(environment.get("LOCALAPPDATA"));
    }
    String usual = system.startsWith("mac") ? "Library/Application Support" : ".local/state";
    return absolute(environment.get("XDG_STATE_HOME"))
        .or(() -> user.home().map(path -> path.resolve(usual)));
  }

  /**
   * Returns a variable that names a directory of the user and is set to a relative path. Native
   * code reads the same variables, and would use the current directory. Some libraries do so for an
   * empty {@code HOME} too; the other variables are treated as absent if they are empty.
   *
   * @param environment the variables
   */
  public static Optional<String> relativeVariable(Map<String, String> environment) {
    return VARIABLES.stream()
        .filter(environment::containsKey)
        .filter(name -> name.equals("HOME") || !environment.getOrDefault(name, "").isEmpty())
        .filter(name -> absolute(environment.get(name)).isEmpty())
        .findFirst();
  }

  /**
   * Returns a path if it is absolute.
   *
   * @param text a path, or anything else
   */
  public static Optional<Path> absolute(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(text)).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty(); // not a valid path on this system, and so not absolute
    }
  }
}
