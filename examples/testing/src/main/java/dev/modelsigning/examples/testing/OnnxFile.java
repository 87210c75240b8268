package dev.modelsigning.examples.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes models in the ONNX format that compute {@code y = x + weights}, for vectors of {@value
 * #LENGTH} numbers, by the field numbers of {@code onnx.proto3}.
 */
public final class OnnxFile {

  /** Of the vectors. The runtime treats tensors of less than 128 bytes in another way. */
  public static final int LENGTH = 64;

  private static final int FLOAT = 1;
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;

  private OnnxFile() {}

  /** The model, with weights in it that are all this number. */
  public static byte[] adding(float weight) {
    return model(List.of(block(9, weights(weight))));
  }

  /**
   * The model, whose weights are in other files. The tensors are {@code weights}, and, of further
   * files, {@code weights1} and so on, which are all added.
   *
   * @param locations the paths of these files, relative to the model
   */
  public static byte[] withWeightsIn(String... locations) {
    return model(
        Stream.of(locations)
            .map(location ->
                join(
                    block(13, join(text(1, "location"), text(2, location))),
                    number(14, 1 /* EXTERNAL */)))
            .toList());
  }

  /** The content of a file with weights that are all this number. */
  public static byte[] weights(float weight) {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.putFloat(weight);
    }
    return bytes.array();
  }

  private static byte[] model(List<byte[]> data) {
    byte[] graph = join(text(2, "graph"), block(11, value("x")), block(12, value("y")));
    String sum = "x";
    for (int i = 0; i < data.size(); i++) {
      String weights = i == 0 ? "weights" : "weights" + i;
      String next = i == data.size() - 1 ? "y" : "sum" + i;
      byte[] node = join(text(1, sum), text(1, weights), text(2, next), text(4, "Add"));
      byte[] initializer = join(number(1, LENGTH), number(2, FLOAT), text(8, weights), data.get(i));
      graph = join(graph, block(1, node), block(5, initializer));
      sum = next;
    }
    return join(number(1, IR_VERSION), block(7, graph), block(8, number(2, OPERATOR_SET)));
  }

  private static byte[] value(String name) {
    byte[] shape = block(1, number(1, LENGTH));
    byte[] tensor = join(number(1, FLOAT), block(2, shape));
    return join(text(1, name), block(2, block(1, tensor)));
  }

  private static byte[] text(int field, String value) {
    return block(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] number(int field, int value) {
    return join(variable(field << 3), variable(value));
  }

  private static byte[] block(int field, byte[] content) {
    return join(variable((field << 3) | 2), variable(content.length), content);
  }

  private static byte[] variable(int value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int rest = value;
    while (rest > 0x7f) {
      bytes.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.write(rest);
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
