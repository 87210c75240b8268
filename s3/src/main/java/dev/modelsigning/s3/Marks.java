package dev.modelsigning.s3;

import java.nio.file.FileSystemException;
import java.util.Arrays;

/** Which objects a list had, in eight bytes for each, to compare it with a later one. */
final class Marks {

  private static final String ADVICE =
      "; start again when nobody writes to it, or sign a copy to which nobody does";

  private long[] marks = new long[1024];
  private int size;

  void add(S3Object object) {
    if (size == marks.length) {
      marks = Arrays.copyOf(marks, size * 2);
    }
    marks[size++] = object.mark();
  }

  /** Compares another list with this one, object by object. */
  final class Again {
    private int position;

    /** The next object of the other list. */
    void require(S3Object object) throws FileSystemException {
      if (position == size || marks[position] != object.mark()) {
        throw new FileSystemException(
            object.location(),
            null,
            "was added or changed while the model was read, or the object before it vanished"
                + ADVICE);
      }
      position++;
    }

    /** The end of the other list. */
    void requireEnd(String location) throws FileSystemException {
      if (position < size) {
        throw new FileSystemException(
            location,
            null,
            size - position + " of its last objects vanished while the model was read" + ADVICE);
      }
    }
  }

  Again again() {
    return new Again();
  }
}
