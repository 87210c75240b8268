package dev.modelsigning.dist;

/** Why no package can be built, in words for whoever builds. */
final class BuildException extends Exception {

  private static final long serialVersionUID = 1;

  BuildException(String message) {
    super(message);
  }
}
