package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.facts.FileParts;
import dev.modelsigning.internal.json.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a GGUF file, version 2 or 3, in either byte order. Values that are not
 * needed, such as the vocabulary of a tokenizer, are skipped.
 */
final class GgufHeader {

  /** The magic number. */
  static final String MAGIC = "GGUF";

  /** The longest header that is read, in bytes. */
  static final long MOST_READ = 128L * 1024 * 1024;

  /** The largest number of keys that are read. */
  static final int MAX_KEYS = 65_536;

  /** The longest key that the format allows, in bytes. */
  static final int MAX_KEY = 65_535;

  /** The longest name of a tensor that is read, in bytes; the format allows 64. */
  static final int MAX_NAME = 1_024;

  /** The largest part of a string that is kept, in bytes: less than this is shown. */
  static final int MAX_KEPT = 2_048;

  /** The largest number of values of {@code general} that are kept. */
  static final int MAX_STRINGS = 1_000;

  /** The largest number of strings of a list that are kept. */
  static final int MAX_LISTED = 101;

  /** The largest depth of nested lists. */
  static final int MAX_DEPTH = 4;

  private static final int FIXED_LENGTH = 24;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final String ALIGNMENT = "general.alignment";

  private static final int UINT16 = 2;
  private static final int UINT32 = 4;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /** The number of bytes of a value by its type; 0 for strings and lists. */
  private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  private final FileParts file;
  private final HeaderInput input;
  private final Set<String> keys = new HashSet<>();
  private final Map<String, List<String>> strings = new LinkedHashMap<>();
  private final Map<String, Long> numbers = new LinkedHashMap<>();
  private final Set<Integer> unknownTypes = new HashSet<>();
  private long keysLength;
  private long alignment = DEFAULT_ALIGNMENT;

  /** Creates a header that was not read yet. */
  GgufHeader(FileParts file) {
    this.file = file;
    this.input = new HeaderInput(file, MOST_READ);
  }

  /** All keys that were read, even if reading failed after them. */
  Set<String> keys() {
    return keys;
  }

  /** The strings of {@code general}, and the lists of strings, as far as they are kept. */
  Map<String, List<String>> strings() {
    return strings;
  }

  /** The numbers of tensor types whose length is unknown here. */
  Set<Integer> unknownTypes() {
    return unknownTypes;
  }

  /** The number of files into which the model is split, if stated. */
  OptionalLong splitCount() {
    return number("split.count");
  }

  /** The index of this file among them, from 0. */
  OptionalLong splitNumber() {
    return number("split.no");
  }

  private OptionalLong number(String key) {
    Long number = numbers.get(key);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /**
   * Reads the header.
   *
   * @throws IOException if the file cannot be read
   * @throws UnreadTensorsException if it is malformed, or exceeds a limit
   */
  TensorTable read() throws IOException, UnreadTensorsException {
    if (file.size() < FIXED_LENGTH) {
      throw UnreadTensorsException.malformed(
          "expected at least " + FIXED_LENGTH + " bytes, found " + file.size());
    }
    String magic = new String(input.bytes(MAGIC.length()), StandardCharsets.ISO_8859_1);
    if (!magic.equals(MAGIC)) {
      throw UnreadTensorsException.malformed("expected a file that begins with " + MAGIC);
    }
    readVersion();
    long tensors = input.int64();
    long entries = input.int64();
    if (tensors < 0 || tensors > Tensor.MAX_NUMBER) {
      throw tooMany(tensors, Tensor.MAX_NUMBER, "tensors");
    }
    if (entries < 0 || entries > MAX_KEYS) {
      throw tooMany(entries, MAX_KEYS, "keys");
    }
    for (long i = 0; i < entries; i++) {
      readEntry();
    }
    long metadataEnd = input.at();
    Map<String, Tensor> infos = new LinkedHashMap<>();
    long namesLength = 0;
    for (long i = 0; i < tensors; i++) {
      String name = string(MAX_NAME, "the name of a tensor");
      namesLength += name.length();
      if (namesLength > Tensor.MAX_NAMES) {
        throw UnreadTensorsException.beyond("expected names of tensors of usual length");
      }
      if (infos.put(name, readTensor(name)) != null) {
        throw UnreadTensorsException.malformed(
            "expected each tensor once, found " + Printable.brief(name) + " again");
      }
    }
    return new TensorTable(located(infos), Map.of(), FIXED_LENGTH, metadataEnd);
  }

  /** Some names show that there are more of them than allowed. */
  private UnreadTensorsException tooMany(long number, int most, String what) {
    String message = "expected at most " + most + " " + what + ", found ";
    String found = Long.toUnsignedString(number);
    return number < 0 || number > input.left()
        ? UnreadTensorsException.malformed(message + found)
        : UnreadTensorsException.beyond(message + found);
  }

  private void readVersion() throws IOException, UnreadTensorsException {
    int version = input.int32();
    if ((version & 0xffff) == 0 && version != 0) {
      version = Integer.reverseBytes(version);
      input.bigEndian();
    }
    if (version != 2 && version != 3) {
      throw UnreadTensorsException.beyond(
          "expected version 2 or 3 of GGUF, found " + Integer.toUnsignedString(version));
    }
  }

  private void readEntry() throws IOException, UnreadTensorsException {
    String key = string(MAX_KEY, "a key");
    if (!keys.add(key)) {
      throw UnreadTensorsException.malformed(
          "expected each key once, found " + Printable.brief(key) + " again");
    }
    keysLength += key.length();
    if (keysLength > Tensor.MAX_NAMES) {
      throw UnreadTensorsException.beyond("expected keys of usual length");
    }
    int type = input.int32();
    if (key.equals(ALIGNMENT)) {
      readAlignment(type);
    } else if (type == STRING && isKept(key)) {
      strings.put(key, List.of(beginning()));
    } else if (type == ARRAY) {
      readList(key);
    } else if (type == UINT16 && key.startsWith("split.")) {
      numbers.put(key, (long) input.uint16());
    } else {
      skipValue(key, type, 0);
    }
  }

  private boolean isKept(String key) {
    return key.startsWith("general.") && strings.size() < MAX_STRINGS;
  }

  private void readAlignment(int type) throws IOException, UnreadTensorsException {
    if (type != UINT32) {
      throw UnreadTensorsException.malformed(
          ALIGNMENT + ": expected type " + UINT32 + ", found " + Integer.toUnsignedString(type));
    }
    alignment = Integer.toUnsignedLong(input.int32());
    if (Long.bitCount(alignment) != 1) {
      throw UnreadTensorsException.malformed(
          ALIGNMENT + ": expected a power of two, found " + alignment);
    }
  }

  private void readList(String key) throws IOException, UnreadTensorsException {
    int type = input.int32();
    long length = input.int64();
    if (type != STRING || !isKept(key)) {
      skipElements(key, type, length, 1);
      return;
    }
    List<String> list = new ArrayList<>();
    for (long i = 0; i != length; i++) {
      if (list.size() < MAX_LISTED) {
        list.add(beginning());
      } else {
        input.skip(input.int64());
      }
    }
    strings.put(key, list);
  }

  private void skipValue(String key, int type, int depth)
      throws IOException, UnreadTensorsException {
    if (type == STRING) {
      input.skip(input.int64());
    } else if (type == ARRAY) {
      int elements = input.int32();
      skipElements(key, elements, input.int64(), depth + 1);
    } else {
      input.skip(size(key, type));
    }
  }

  private void skipElements(String key, int type, long length, int depth)
      throws IOException, UnreadTensorsException {
    if (depth > MAX_DEPTH) {
      throw UnreadTensorsException.malformed(
          Printable.brief(key) + ": expected lists in lists up to a depth of " + MAX_DEPTH);
    }
    if (type == STRING || type == ARRAY) {
      // Each takes at least eight bytes, so the limit of the header ends the loop.
      for (long i = 0; i != length; i++) {
        skipValue(key, type, depth);
      }
      return;
    }
    int size = size(key, type);
    if (length < 0 || length > input.left() / size) {
      throw UnreadTensorsException.malformed(
          Printable.brief(key)
              + ": expected a list within the file, found one of "
              + Long.toUnsignedString(length)
              + " values");
    }
    input.skip(length * size);
  }

  private static int size(String key, int type) throws UnreadTensorsException {
    if (type < 0 || type >= SIZES.length) {
      throw UnreadTensorsException.malformed(
          Printable.brief(key)
              + ": expected a type of value from 0 to "
              + (SIZES.length - 1)
              + ", found "
              + Integer.toUnsignedString(type));
    }
    return SIZES[type];
  }

  /** Reads a string of limited length. */
  private String string(int most, String what) throws IOException, UnreadTensorsException {
    long length = input.int64();
    if (length < 0 || length > most) {
      throw UnreadTensorsException.malformed(
          what + ": expected at most " + most + " bytes, found " + Long.toUnsignedString(length));
    }
    byte[] bytes = input.bytes((int) length);
    // Text that is not UTF-8 is decoded with one character for each byte, so that different names
    // stay different.
    String text = new String(bytes, StandardCharsets.UTF_8);
    return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)
        ? text
        : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Reads the beginning of a string that may be long. */
  private String beginning() throws IOException, UnreadTensorsException {
    long length = input.int64();
    byte[] kept = input.bytes((int) Math.min(Math.max(0, length), MAX_KEPT));
    input.skip(length - kept.length);
    return new String(kept, StandardCharsets.UTF_8);
  }

  private Tensor readTensor(String name) throws IOException, UnreadTensorsException {
    int dimensions = input.int32();
    if (dimensions < 0 || dimensions > Tensor.MAX_DIMENSIONS) {
      throw malformed(
          name,
          "expected at most "
              + Tensor.MAX_DIMENSIONS
              + " dimensions, found "
              + Integer.toUnsignedString(dimensions));
    }
    List<Long> shape = new ArrayList<>(dimensions);
    for (int i = 0; i < dimensions; i++) {
      shape.add(input.int64());
    }
    int code = input.int32();
    long offset = input.int64();
    if (offset < 0 || offset % alignment != 0) {
      throw malformed(
          name,
          "expected an offset that is a multiple of "
              + alignment
              + ", found "
              + Long.toUnsignedString(offset));
    }
    GgmlType type = GgmlType.of(code);
    long length = length(name, shape, type);
    if (type == null) {
      unknownTypes.add(code);
    }
    return new Tensor(
        type == null ? Integer.toUnsignedString(code) : type.name(),
        List.copyOf(shape),
        offset,
        length);
  }

  private static long length(String name, List<Long> shape, @Nullable GgmlType type)
      throws UnreadTensorsException {
    long elements = 1;
    try {
      for (long dimension : shape) {
        if (dimension < 0) {
          throw new ArithmeticException("dimension");
        }
        elements = Math.multiplyExact(elements, dimension);
      }
      if (type == null) {
        return Tensor.UNKNOWN;
      }
      long row = shape.isEmpty() ? 1 : shape.get(0);
      if (row % type.blockElements != 0) {
        throw malformed(
            name,
            "expected rows of whole blocks of " + type.blockElements + ", found rows of " + row);
      }
      return Math.multiplyExact(elements / type.blockElements, (long) type.blockBytes);
    } catch (ArithmeticException e) {
      throw (UnreadTensorsException) malformed(name, "is larger than any file").initCause(e);
    }
  }

  private static UnreadTensorsException malformed(String tensor, String problem) {
    return UnreadTensorsException.malformed(
        "the tensor " + Printable.brief(tensor) + ": " + problem);
  }

  /** Computes the offsets of the tensors in the file: after the header, which is padded. */
  private Map<String, Tensor> located(Map<String, Tensor> infos) throws UnreadTensorsException {
    long start = (input.at() + alignment - 1) / alignment * alignment;
    if (infos.isEmpty()) {
      start = input.at();
    } else if (start > file.size()) {
      throw UnreadTensorsException.malformed(
          "expected tensors from byte " + start + " on, found the end of the file");
    }
    Map<String, Tensor> located = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> info : infos.entrySet()) {
      Tensor tensor = info.getValue();
      if (tensor.at() > file.size() - start) {
        throw malformed(info.getKey(), "lies beyond the file, which has " + file.size() + " bytes");
      }
      located.put(
          info.getKey(),
          new Tensor(tensor.type(), tensor.shape(), start + tensor.at(), tensor.length()));
    }
    return TensorTable.checked(located, start, file.size(), alignment);
  }
}
