package dev.modelsigning.s3;

import java.nio.file.FileSystemException;

/** An object is another one than it was: somebody has written it meanwhile. */
public final class ObjectChangedException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param object the object, for display
   * @param why what happened, and what to do
   */
  ObjectChangedException(String object, String why) {
    super(object, null, why);
  }
}
