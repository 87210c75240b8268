package dev.modelsigning.file;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file is larger than anything of its kind. */
public final class FileTooLargeException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  FileTooLargeException(Path file, FileKind kind, int maxSize) {
    super(
        file.toString(),
        null,
        "is larger than " + maxSize + " bytes, which no " + kind.description() + " is");
  }
}
