package dev.modelsigning.manifest;

import java.util.Arrays;
import java.util.OptionalLong;

/** The lengths of the listed files when they were compared with their manifest. */
public final class FileSizes {

  private final ListedFiles listed;
  private final long[] sizes;

  private FileSizes(ListedFiles listed, long[] sizes) {
    this.listed = listed;
    this.sizes = sizes;
  }

  static FileSizes of(ListedFiles listed) {
    long[] sizes = new long[listed.count()];
    Arrays.fill(sizes, ListedFiles.UNKNOWN);
    return new FileSizes(listed, sizes);
  }

  void set(int file, long size) {
    sizes[file] = size;
  }

  /** Receives a file and its length. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Receives a file.
     *
     * @param name its path in the model
     * @param size its length in bytes; empty if it was not found, or is not a regular file
     */
    void file(String name, OptionalLong size);
  }

  /** Visits all files in the manifest, in its order. */
  public void forEach(Visitor visitor) {
    for (int file = 0; file < sizes.length; file++) {
      visitor.file(
          listed.path(file),
          sizes[file] == ListedFiles.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(sizes[file]));
    }
  }
}
