package dev.modelsigning.manifest;

import java.util.Arrays;
import java.util.OptionalLong;

/** How long the listed files of a model were when they were compared with their manifest. */
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

  /** Takes a file and its length. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one.
     *
     * @param name its path in the model
     * @param size its length in bytes; empty if it was not found, or is no regular file
     */
    void file(String name, OptionalLong size);
  }

  /** Visits all files that the manifest lists, in its order. */
  public void forEach(Visitor visitor) {
    for (int file = 0; file < sizes.length; file++) {
      visitor.file(
          listed.path(file),
          sizes[file] == ListedFiles.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(sizes[file]));
    }
  }
}
