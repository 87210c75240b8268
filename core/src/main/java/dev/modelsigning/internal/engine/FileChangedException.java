package dev.modelsigning.internal.engine;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file changed after it was found and before it was read completely. */
public final class FileChangedException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  FileChangedException(Path path, String what) {
    this(path.toString(), what);
  }

  FileChangedException(String shown, String what) {
    super(shown, null, "changed while it was being hashed: " + what);
  }
}
