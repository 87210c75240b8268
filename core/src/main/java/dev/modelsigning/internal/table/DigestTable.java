package dev.modelsigning.internal.table;

import dev.modelsigning.internal.hash.HashFunction;
import java.util.Arrays;

/** Many digests of one length in few arrays: each is a row, numbered from 0. */
public final class DigestTable {

  private static final int PAGE_ROWS = 16 * 1024;
  private static final int FIRST_ROWS = 64;

  private final int length;
  private byte[][] pages = new byte[4][];
  private int count;

  /**
   * Creates a table without rows.
   *
   * @param length the length of a digest in bytes
   */
  public DigestTable(int length) {
    this.length = length;
  }

  public int length() {
    return length;
  }

  public int count() {
    return count;
  }

  public void add(byte[] digest) {
    int page = count / PAGE_ROWS;
    int rows = count % PAGE_ROWS;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, 2 * page);
    }
    if (pages[page] == null) {
      pages[page] = new byte[(page == 0 ? FIRST_ROWS : PAGE_ROWS) * length];
    } else if (pages[page].length == rows * length) {
      pages[page] = Arrays.copyOf(pages[page], Math.min(PAGE_ROWS, 4 * rows) * length);
    }
    System.arraycopy(digest, 0, pages[page], rows * length, length);
    count++;
  }

  private int from(int row) {
    return row % PAGE_ROWS * length;
  }

  public byte[] get(int row) {
    return Arrays.copyOfRange(pages[row / PAGE_ROWS], from(row), from(row) + length);
  }

  public boolean equals(int row, byte[] digest) {
    return Arrays.equals(
        pages[row / PAGE_ROWS], from(row), from(row) + length, digest, 0, digest.length);
  }

  /**
   * An arbitrary total order of digests of the same length, which places equal ones next to each
   * other.
   */
  public int compare(int row, DigestTable other, int otherRow) {
    return Arrays.compareUnsigned(
        pages[row / PAGE_ROWS],
        from(row),
        from(row) + length,
        other.pages[otherRow / PAGE_ROWS],
        other.from(otherRow),
        other.from(otherRow) + other.length);
  }

  public void update(HashFunction function, int row) {
    function.update(pages[row / PAGE_ROWS], from(row), length);
  }

  /** Writes the digest of a row in lower-case hexadecimal. */
  public void writeHex(int row, byte[] target, int at) {
    byte[] page = pages[row / PAGE_ROWS];
    for (int i = 0; i < length; i++) {
      int value = page[from(row) + i];
      target[at + 2 * i] = HEX[value >> 4 & 0xf];
      target[at + 2 * i + 1] = HEX[value & 0xf];
    }
  }

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
}
