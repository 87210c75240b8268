package dev.modelsigning.cli;

import dev.modelsigning.cli.output.Output;

/**
 * Disables the JDK's logging. Libraries log text that they received, unescaped; messages for the
 * user are printed by {@link Output}. The JDK is configured with this class, and instantiates it
 * instead of reading its configuration, only if a library requests a logger.
 */
public final class NoLogging {

  private static final String CONFIGURATION_CLASS = "java.util.logging.config.class";
  private static final String CONFIGURATION_FILE = "java.util.logging.config.file";

  /** Configures nothing, so that nothing is printed. */
  public NoLogging() {}

  /** Installs it, unless the user configured logging. */
  static void install() {
    if (System.getProperty(CONFIGURATION_CLASS) == null
        && System.getProperty(CONFIGURATION_FILE) == null) {
      System.setProperty(CONFIGURATION_CLASS, NoLogging.class.getName());
    }
  }
}
