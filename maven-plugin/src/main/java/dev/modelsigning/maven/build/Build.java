package dev.modelsigning.maven.build;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a goal knows of the build in which it runs.
 *
 * @param directory the directory of the project, to which relative paths are relative
 * @param offline whether Maven was told not to use a network
 * @param environment the variables of the environment
 * @param servers knows the passwords of the user's settings
 * @param log where to say something
 */
public record Build(
    Path directory,
    boolean offline,
    Map<String, String> environment,
    ServerPasswords servers,
    BuildLog log) {

  /** Refuses what needs a network where there is to be none. */
  public void requireOnline(String parameter) throws WrongParameterException {
    if (offline) {
      throw new WrongParameterException(
          parameter, "needs a network, and Maven was told to work offline (-o)");
    }
  }
}
