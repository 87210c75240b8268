package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.internal.json.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a file by name, in the order of its header, checked against the file.
 *
 * @param tensors the tensors
 * @param words other content of the header, if it is text
 * @param metadataStart the offset of other binary content of the header
 * @param metadataEnd the offset of its end
 */
record TensorTable(
    Map<String, Tensor> tensors, Map<String, String> words, long metadataStart, long metadataEnd) {

  /**
   * Checks that the tensors are contiguous and fill the file, so that each byte belongs to one
   * tensor; determines the length of those with an unknown type.
   *
   * @param tensors the tensors by name
   * @param start the required offset of the first one
   * @param size the length of the file
   * @param alignment the alignment up to which each tensor may be padded
   * @return the same tensors in the same order
   */
  static Map<String, Tensor> checked(
      Map<String, Tensor> tensors, long start, long size, long alignment)
      throws UnreadTensorsException {
    List<Map.Entry<String, Tensor>> order = new ArrayList<>(tensors.entrySet());
    order.sort(
        Comparator.comparingLong((Map.Entry<String, Tensor> one) -> one.getValue().at())
            .thenComparingLong(one -> one.getValue().length()));
    Map<String, Tensor> checked = new LinkedHashMap<>(tensors);
    long end = start;
    for (int i = 0; i < order.size(); i++) {
      String name = order.get(i).getKey();
      Tensor tensor = order.get(i).getValue();
      requireBehind(name, tensor, end, alignment);
      if (tensor.length() == Tensor.UNKNOWN) {
        long next = i + 1 < order.size() ? order.get(i + 1).getValue().at() : size;
        tensor = tensor.withLength(Math.max(0, Math.min(next, size) - tensor.at()));
        checked.put(name, tensor);
      }
      if (tensor.at() > size || tensor.length() > size - tensor.at()) {
        throw UnreadTensorsException.malformed(
            "the tensor "
                + Printable.brief(name)
                + " ends beyond the file, which has "
                + size
                + " bytes");
      }
      end = tensor.at() + tensor.length();
    }
    if (size - end >= alignment) {
      throw UnreadTensorsException.malformed(
          "expected the end of the file behind the last tensor, found "
              + (size - end)
              + " bytes that are of no tensor");
    }
    return checked;
  }

  private static void requireBehind(String name, Tensor tensor, long end, long alignment)
      throws UnreadTensorsException {
    if (tensor.at() < end) {
      throw UnreadTensorsException.malformed(
          "the tensor " + Printable.brief(name) + " overlaps with what lies before it");
    }
    if (tensor.at() - end >= alignment) {
      throw UnreadTensorsException.malformed(
          "expected the tensor "
              + Printable.brief(name)
              + " at byte "
              + end
              + ", found "
              + (tensor.at() - end)
              + " bytes before it that are of no tensor");
    }
  }
}
