package dev.modelsigning.maven.build;

import dev.modelsigning.internal.json.Printable;
import org.apache.maven.plugin.MojoExecutionException;

/** The plugin is configured wrongly. The message begins with the parameter, and shows no secret. */
public final class WrongParameterException extends MojoExecutionException {

  private static final long serialVersionUID = 1L;

  /**
   * A mistake in one parameter.
   *
   * @param parameter the parameter, as it is written in a POM
   * @param problem what was expected and what was found
   */
  public WrongParameterException(String parameter, String problem) {
    super("<" + parameter + ">: " + Printable.escape(problem));
  }

  /** A mistake that is not one of a single parameter. */
  public WrongParameterException(String problem) {
    super(Printable.escape(problem));
  }
}
