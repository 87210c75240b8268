package dev.modelsigning.dist;

/** A package cannot be built; the message is for the person who runs the build. */
final class BuildException extends Exception {

  private static final long serialVersionUID = 1;

  BuildException(String message) {
    super(message);
  }
}
