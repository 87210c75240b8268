package dev.modelsigning.maven.build;

import java.nio.file.Path;
import java.util.Map;

/**
 * The build in which a goal runs.
 *
 * @param directory the directory of the project, against which relative paths are resolved
 * @param offline whether Maven was told not to use a network
 * @param environment the environment variables
 * @param servers the passwords in the settings of the user
 * @param log the log of the build
 */
public record Build(
    Path directory,
    boolean offline,
    Map<String, String> environment,
    ServerPasswords servers,
    BuildLog log) {

  /** Refuses an operation that needs a network if Maven works offline. */
  public void requireOnline(String parameter) throws WrongParameterException {
    if (offline) {
      throw new WrongParameterException(
          parameter, "needs a network, and Maven was told to work offline (-o)");
    }
  }
}
