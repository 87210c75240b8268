package dev.modelsigning.internal.platform;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment of child processes: the variables that every program needs, and those that a
 * particular program needs in addition. All others are removed, in particular passwords, PINs,
 * tokens and client secrets under any name.
 */
public final class ChildEnvironment {

  /**
   * The variables from which this program reads secrets. They are never passed to a child process,
   * even if requested. GitLab's tokens, whose names end in {@code _ID_TOKEN}, are treated in the
   * same way.
   */
  static final Set<String> SECRETS =
      Set.of(
          "MODEL_SIGNING_PASSWORD",
          "MODEL_SIGNING_CLIENT_SECRET",
          "PKCS11_PIN",
          "SIGSTORE_ID_TOKEN",
          "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
          "ACTIONS_ID_TOKEN_REQUEST_URL");

  /** The variables that programs need to find themselves, their user and the network. */
  private static final Set<String> COMMON =
      Set.of(
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LANGUAGE",
          "TZ",
          "TMPDIR",
          "TEMP",
          "TMP",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "NO_PROXY",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "ALL_PROXY",
          "SYSTEMROOT",
          "SYSTEMDRIVE",
          "WINDIR",
          "COMSPEC",
          "PATHEXT",
          "APPDATA",
          "LOCALAPPDATA",
          "PROGRAMDATA",
          "PROGRAMFILES",
          "PROGRAMFILES(X86)",
          "PROGRAMW6432",
          "COMMONPROGRAMFILES",
          "USERNAME",
          "USERPROFILE",
          "HOMEDRIVE",
          "HOMEPATH");

  /** The directories of the system's programs, which child processes that are scripts need. */
  private static final List<String> SYSTEM_PATH = List.of("/usr/bin", "/bin");

  private ChildEnvironment() {}

  /**
   * Returns the variables for a child process.
   *
   * @param environment the variables of this process
   * @param more the names of additional variables, in upper case; an asterisk at the end matches
   *     any suffix
   */
  public static Map<String, String> of(Map<String, String> environment, List<String> more) {
    Map<String, String> result = new TreeMap<>();
    environment.forEach((name, value) -> {
      String upper = name.toUpperCase(Locale.ROOT);
      boolean wanted =
          COMMON.contains(upper)
              || upper.startsWith("LC_")
              || more.stream().anyMatch(each -> matches(each, upper));
      // The address of a proxy may contain a password before an at sign.
      boolean secret =
          SECRETS.contains(upper)
              || upper.endsWith("_ID_TOKEN")
              || (upper.endsWith("_PROXY") && value.indexOf('@') >= 0);
      if (wanted && !secret) {
        result.put(name, value);
      }
    });
    List<String> path = new ArrayList<>();
    Programs.directories(environment).forEach(directory -> path.add(directory.toString()));
    if (File.separatorChar == '/') {
      // Some programs treat an empty PATH as the current directory, which this also prevents.
      SYSTEM_PATH.stream().filter(each -> !path.contains(each)).forEach(path::add);
    }
    result.put("PATH", String.join(File.pathSeparator, path));
    return result;
  }

  private static boolean matches(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }
}
