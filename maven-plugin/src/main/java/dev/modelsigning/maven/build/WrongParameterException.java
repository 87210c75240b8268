package dev.modelsigning.maven.build;

import dev.modelsigning.internal.json.Printable;
import org.apache.maven.plugin.MojoExecutionException;

/**
 * The configuration of the plugin is wrong. The message begins with the parameter, and contains no
 * secret.
 */
public final class WrongParameterException extends MojoExecutionException {

  private static final long serialVersionUID = 1L;

  /**
   * An error in one parameter.
   *
   * @param parameter the parameter, as it is written in a POM
   * @param problem what was expected and what was found
   */
  public WrongParameterException(String parameter, String problem) {
    super("<" + parameter + ">: " + Printable.escape(problem));
  }

  /** An error that concerns several parameters. */
  public WrongParameterException(String problem) {
    super(Printable.escape(problem));
  }
}
