package dev.modelsigning.internal.file;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file is larger than the limit for its kind. */
public final class FileTooLargeException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  FileTooLargeException(Path file, String reason) {
    super(file.toString(), null, reason);
  }
}
