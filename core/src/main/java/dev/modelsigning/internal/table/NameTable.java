package dev.modelsigning.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Many names, in UTF-8, in few arrays: each is a row, numbered from 0. A name needs two numbers and
 * its bytes. The order of the bytes is the order of the code points (OMS 5.2.1).
 */
public final class NameTable {

  private static final int PAGE_BITS = 20;
  private static final int FIRST_PAGE = 4 * 1024;
  private static final int MAX_PAGES = 1 << (31 - PAGE_BITS);

  private byte[][] pages;
  private int lastPage = -1;
  private int used;
  private int[] at = new int[16];
  private int[] lengths = new int[16];
  private int count;

  public NameTable() {
    pages = new byte[4][];
  }

  private NameTable(byte[][] pages) {
    this.pages = pages;
  }

  /** Returns a new table for rows that begin like those of this one. */
  public NameTable sharing() {
    return new NameTable(pages);
  }

  /** The number of rows. */
  public int count() {
    return count;
  }

  /** Adds a name. */
  public void add(byte[] name, int from, int to) {
    int length = to - from;
    if (lastPage < 0 || pages[lastPage].length - used < length) {
      addPage(length);
    }
    System.arraycopy(name, from, pages[lastPage], used, length);
    addRow((lastPage << PAGE_BITS) | used, length);
    used += length;
  }

  /** Adds the first bytes of a row of the table with which this one shares its bytes. */
  public void addStartOf(NameTable other, int row, int length) {
    addRow(other.at[row], length);
  }

  private void addRow(int position, int length) {
    if (count == at.length) {
      at = Arrays.copyOf(at, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    at[count] = position;
    lengths[count] = length;
    count++;
  }

  /** A name that is longer than a page has a page of its own, and starts at its beginning. */
  private void addPage(int least) {
    lastPage++;
    if (lastPage == MAX_PAGES) {
      throw new IllegalArgumentException("the names are longer than 2 GB, together");
    }
    if (lastPage == pages.length) {
      pages = Arrays.copyOf(pages, 2 * lastPage);
    }
    pages[lastPage] = new byte[Math.max(least, lastPage == 0 ? FIRST_PAGE : 1 << PAGE_BITS)];
    used = 0;
  }

  private byte[] page(int row) {
    return pages[at[row] >>> PAGE_BITS];
  }

  private int from(int row) {
    return at[row] & ((1 << PAGE_BITS) - 1);
  }

  /** The length of a name in bytes. */
  public int length(int row) {
    return lengths[row];
  }

  public String text(int row) {
    return new String(page(row), from(row), lengths[row], StandardCharsets.UTF_8);
  }

  /** Copies the bytes of a name. */
  public void copy(int row, byte[] target, int targetAt) {
    System.arraycopy(page(row), from(row), target, targetAt, lengths[row]);
  }

  /** Whether a name needs escapes in JSON (RFC 8259 section 7). */
  public boolean needsEscapes(int row) {
    byte[] page = page(row);
    int end = from(row) + lengths[row];
    for (int i = from(row); i < end; i++) {
      if ((page[i] >= 0 && page[i] < ' ') || page[i] == '"' || page[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  /** Compares two rows by code point (OMS 5.2.1). */
  public int compare(int row, int other) {
    return compare(row, page(other), from(other), lengths[other]);
  }

  /** Compares a row with a name by code point (OMS 5.2.1). */
  public int compare(int row, byte[] name, int from, int length) {
    return Arrays.compareUnsigned(
        page(row), from(row), from(row) + lengths[row], name, from, from + length);
  }

  /** Compares a row with one of another table by code point. */
  public int compare(int row, NameTable other, int otherRow) {
    return compare(row, other.page(otherRow), other.from(otherRow), other.lengths[otherRow]);
  }

  public boolean equals(int row, byte[] name, int length) {
    return lengths[row] == length
        && Arrays.equals(page(row), from(row), from(row) + length, name, 0, length);
  }

  public boolean equals(int row, NameTable other, int otherRow) {
    return lengths[row] == other.lengths[otherRow]
        && compare(row, other.page(otherRow), other.from(otherRow), lengths[row]) == 0;
  }

  public boolean startsWith(int row, byte[] prefix) {
    return lengths[row] >= prefix.length
        && Arrays.equals(page(row), from(row), from(row) + prefix.length, prefix, 0, prefix.length);
  }

  public int hash(int row) {
    return hash(page(row), from(row), lengths[row]);
  }

  /** A hash code of a name; it is not resistant to collisions chosen by an attacker. */
  public static int hash(byte[] name, int from, int length) {
    int hash = 0;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + name[i];
    }
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >>> 13;
    hash *= 0xc2b2ae35;
    return hash ^ hash >>> 16;
  }

  /** The first row whose name is not after the one before it, or -1 if there is none. */
  public int firstNotAscending() {
    for (int row = 1; row < count; row++) {
      if (compare(row - 1, row) >= 0) {
        return row;
      }
    }
    return -1;
  }

  /** The row numbers in the order of their names. */
  public int[] order() {
    return IntOrder.sorted(count, this::compare);
  }
}
