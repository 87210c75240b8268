package dev.modelsigning.spark;

import java.nio.file.FileSystemException;

/** A file is not the one that was listed: reading it again would not help. */
final class ChangedException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  ChangedException(String file, String why) {
    super(file, null, why);
  }
}
