package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.facts.FileParts;
import dev.modelsigning.internal.json.JsonReader;
import dev.modelsigning.internal.json.MalformedJsonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a safetensors file: its length in eight bytes, and a JSON object with a
 * member for each tensor. Everything that the reference implementation refuses is malformed here,
 * and also what it cannot detect, such as duplicate names.
 */
final class SafetensorsHeader {

  /** The longest header that the format allows, in bytes. */
  static final long MAX_LENGTH = 100_000_000;

  /** The longest header that is read, in bytes. */
  static final long MOST_READ = 32 * 1024 * 1024;

  private static final int LENGTH_SIZE = 8;
  private static final String METADATA = "__metadata__";

  /** The number of bits of an element by type. */
  private static final Map<String, Integer> TYPES =
      Map.ofEntries(
          Map.entry("BOOL", 8),
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("U8", 8),
          Map.entry("I8", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F8_E4M3FNUZ", 8),
          Map.entry("F8_E5M2FNUZ", 8),
          Map.entry("I16", 16),
          Map.entry("U16", 16),
          Map.entry("F16", 16),
          Map.entry("BF16", 16),
          Map.entry("I32", 32),
          Map.entry("U32", 32),
          Map.entry("F32", 32),
          Map.entry("C64", 64),
          Map.entry("F64", 64),
          Map.entry("I64", 64),
          Map.entry("U64", 64));

  private final long dataStart;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> words = new TreeMap<>();
  private long namesLength;

  private SafetensorsHeader(long dataStart) {
    this.dataStart = dataStart;
  }

  /**
   * Reads the header.
   *
   * @throws IOException if the file cannot be read
   * @throws UnreadTensorsException if it is malformed, or exceeds a limit
   */
  static TensorTable read(FileParts file) throws IOException, UnreadTensorsException {
    if (file.size() < LENGTH_SIZE) {
      throw UnreadTensorsException.malformed(
          "expected 8 bytes with the length of the header, found " + file.size());
    }
    ByteBuffer start = ByteBuffer.allocate(LENGTH_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    file.read(start, 0);
    long length = start.getLong(0);
    if (length < 0 || length > MAX_LENGTH) {
      throw UnreadTensorsException.malformed(
          "expected a header of at most "
              + MAX_LENGTH
              + " bytes, found "
              + Long.toUnsignedString(length));
    }
    if (length > file.size() - LENGTH_SIZE) {
      throw UnreadTensorsException.malformed(
          "expected a header of " + length + " bytes, found " + (file.size() - LENGTH_SIZE));
    }
    if (length > MOST_READ) {
      throw UnreadTensorsException.beyond(
          "expected a header of at most " + MOST_READ + " bytes, found " + length);
    }
    ByteBuffer first = ByteBuffer.allocate(1);
    if (length > 0) {
      file.read(first, LENGTH_SIZE);
    }
    if (first.get(0) != '{') {
      throw UnreadTensorsException.malformed("expected a header that begins with {");
    }
    SafetensorsHeader header = new SafetensorsHeader(LENGTH_SIZE + length);
    try {
      JsonReader.read(
          "header",
          new PartsStream(file, LENGTH_SIZE, LENGTH_SIZE + length),
          length,
          length,
          json -> {
            header.read(json);
            return header;
          });
    } catch (MalformedJsonException e) {
      throw (UnreadTensorsException)
          UnreadTensorsException.malformed("" + e.getMessage()).initCause(e);
    }
    if (header.tensors.size() > Tensor.MAX_NUMBER || header.namesLength > Tensor.MAX_NAMES) {
      throw UnreadTensorsException.beyond(
          "expected at most " + Tensor.MAX_NUMBER + " tensors with names of usual length");
    }
    return new TensorTable(
        TensorTable.checked(header.tensors, header.dataStart, file.size(), 1), header.words, 0, 0);
  }

  private void read(JsonReader json) throws MalformedJsonException {
    json.allowMembers(Tensor.MAX_NUMBER + 2);
    json.object(name -> {
      if (name.equals(METADATA)) {
        json.object(key -> words.put(key, json.string()));
      } else {
        namesLength += name.length();
        tensors.put(name, tensor(json));
      }
    });
  }

  private Tensor tensor(JsonReader json) throws MalformedJsonException {
    var found =
        new Object() {
          @Nullable String type;
          @Nullable List<Long> shape;
          @Nullable List<Long> offsets;
        };
    json.object(name -> {
      switch (name) {
        case "dtype" -> found.type = json.string();
        case "shape" -> found.shape = numbers(json, Tensor.MAX_DIMENSIONS);
        case "data_offsets" -> found.offsets = numbers(json, 2);
        default -> json.skip();
      }
    });
    if (found.type == null) {
      throw json.missing("dtype");
    }
    if (found.shape == null) {
      throw json.missing("shape");
    }
    if (found.offsets == null || found.offsets.size() != 2) {
      throw json.malformed("data_offsets", "expected two numbers");
    }
    long start = found.offsets.get(0);
    long end = found.offsets.get(1);
    long length = length(json, found.type, found.shape);
    if (end < start || end - start != length) {
      throw json.malformed(
          "data_offsets",
          "expected "
              + length
              + " bytes by type and shape, found those from "
              + start
              + " to "
              + end);
    }
    if (end > Long.MAX_VALUE - dataStart) {
      throw json.malformed("data_offsets", "beyond any file");
    }
    return new Tensor(found.type, found.shape, dataStart + start, length);
  }

  private static List<Long> numbers(JsonReader json, int most) throws MalformedJsonException {
    List<Long> numbers = new ArrayList<>(2);
    json.array(
        most,
        index -> {
          if (json.isString()) {
            throw json.malformed("expected a number, found a string");
          }
          long number = json.int64();
          if (number < 0) {
            throw json.malformed("expected at least 0, found " + number);
          }
          numbers.add(number);
        });
    return List.copyOf(numbers);
  }

  private static long length(JsonReader json, String type, List<Long> shape)
      throws MalformedJsonException {
    Integer bits = TYPES.get(type);
    if (bits == null) {
      throw json.malformed("dtype", "expected a type of safetensors, found another one");
    }
    long product = bits;
    try {
      for (long dimension : shape) {
        product = Math.multiplyExact(product, dimension);
      }
    } catch (ArithmeticException e) {
      MalformedJsonException malformed = json.malformed("shape", "has more bits than any file");
      malformed.initCause(e);
      throw malformed;
    }
    if (product % 8 != 0) {
      throw json.malformed("shape", "expected whole bytes, found " + product + " bits");
    }
    return product / 8;
  }
}
