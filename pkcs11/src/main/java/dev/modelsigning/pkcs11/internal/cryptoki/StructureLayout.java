package dev.modelsigning.pkcs11.internal.cryptoki;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.modelsigning.bundle.Bytes;
import java.util.Arrays;

/**
 * The memory layout of the C structures of PKCS #11: {@code CK_ULONG} is C's {@code unsigned long},
 * and on Windows structures have no padding (PKCS #11 v2.40 2.1).
 *
 * @param longSize bytes of a {@code CK_ULONG}
 * @param pointerSize bytes of a pointer
 * @param packed whether there is no padding
 */
record StructureLayout(int longSize, int pointerSize, boolean packed) {

  private static final byte BLANK = ' ';

  /** The layout on this platform. */
  static StructureLayout ofThisPlatform() {
    return new StructureLayout(Native.LONG_SIZE, Native.POINTER_SIZE, Platform.isWindows());
  }

  /** The next offset, after this many bytes, at which a field of this size is aligned. */
  int align(int offset, int size) {
    return packed ? offset : (offset + size - 1) / size * size;
  }

  /** The offset of a function in {@code CK_FUNCTION_LIST}, after the version of two bytes. */
  int function(int index) {
    return align(2, pointerSize) + index * pointerSize;
  }

  // CK_ATTRIBUTE and CK_MECHANISM: a number, a pointer, a number.

  int entrySize() {
    return align(entryLength() + longSize, pointerSize);
  }

  int entryPointer() {
    return align(longSize, pointerSize);
  }

  int entryLength() {
    return entryPointer() + pointerSize;
  }

  // CK_C_INITIALIZE_ARGS: four functions, flags, a pointer.

  int initializeFlags() {
    return 4 * pointerSize;
  }

  int initializeSize() {
    return align(initializeFlags() + longSize, pointerSize) + pointerSize;
  }

  /** The offset of the description in {@code CK_INFO}: version, name, flags, description. */
  int libraryDescription() {
    return align(2 + 32, longSize) + longSize;
  }

  /**
   * The offset of the largest length of a PIN in {@code CK_TOKEN_INFO}; the smallest length
   * follows. Before it are four texts, the flags and four counts.
   */
  int maxPinLength() {
    return 32 + 32 + 16 + 16 + 5 * longSize;
  }

  /**
   * Like {@link #readLong}, but with all bits set it is -1, which means that the value is
   * unavailable.
   */
  long readSignedLong(Pointer memory, int offset) {
    return longSize == 8 ? memory.getLong(offset) : memory.getInt(offset);
  }

  long readLong(Pointer memory, int offset) {
    return longSize == 8 ? memory.getLong(offset) : Integer.toUnsignedLong(memory.getInt(offset));
  }

  void writeLong(Pointer memory, int offset, long value) {
    if (longSize == 8) {
      memory.setLong(offset, value);
    } else {
      memory.setInt(offset, (int) value);
    }
  }

  /** Writes a structure of a number, a pointer and a length at an offset. */
  void writeEntry(Memory memory, int offset, long type, Pointer value, long length) {
    writeLong(memory, offset, type);
    memory.setPointer(offset + entryPointer(), value);
    writeLong(memory, offset + entryLength(), length);
  }

  /** A text of fixed length without its padding of blanks or zeros. */
  static Bytes text(Pointer memory, int offset, int length) {
    byte[] bytes = memory.getByteArray(offset, length);
    int end = length;
    while (end > 0 && (bytes[end - 1] == BLANK || bytes[end - 1] == 0)) {
      end--;
    }
    return Bytes.of(Arrays.copyOf(bytes, end));
  }
}
