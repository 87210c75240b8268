package dev.modelsigning.cli;

import dev.modelsigning.cli.output.Output;

/**
 * Has the logging of the JDK print nothing. Libraries write to it what they were sent, on lines of
 * their own; what a user should know is said by {@link Output}. Named to the JDK, which makes one
 * in place of reading its configuration, and only if a library asks for a logger at all.
 */
public final class NoLogging {

  private static final String CONFIGURATION_CLASS = "java.util.logging.config.class";
  private static final String CONFIGURATION_FILE = "java.util.logging.config.file";

  /** Configures nothing, so that there is nothing that prints. */
  public NoLogging() {}

  /** Unless the user configured logging. */
  static void install() {
    if (System.getProperty(CONFIGURATION_CLASS) == null
        && System.getProperty(CONFIGURATION_FILE) == null) {
      System.setProperty(CONFIGURATION_CLASS, NoLogging.class.getName());
    }
  }
}
