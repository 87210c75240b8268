package dev.modelsigning.report;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;

/** The message of a failure for people, also for exceptions whose own message is only a path. */
public final class FailureMessage {

  private FailureMessage() {}

  /** The problem, with the file concerned. */
  public static String of(Throwable failure) {
    if (failure instanceof UncheckedIOException wrapped && wrapped.getCause() != null) {
      return of(wrapped.getCause());
    }
    if (failure instanceof FileSystemException file) {
      return file.getFile() + ": " + reason(file);
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return e.getReason() == null ? "no such file or directory" : e.getReason();
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemLoopException) {
      return "symbolic links lead in a circle";
    }
    return e.getReason() == null ? "cannot be read or written" : e.getReason();
  }
}
