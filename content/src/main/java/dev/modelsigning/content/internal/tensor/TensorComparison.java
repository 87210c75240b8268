package dev.modelsigning.content.internal.tensor;

import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.TensorDifference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the tensors of two files, byte by byte and in parallel, so that each tensor is read only
 * up to the first difference.
 */
public final class TensorComparison {

  private static final int BLOCK = 512 * 1024;

  private final FileParts before;
  private final FileParts after;
  private final ByteBuffer first = ByteBuffer.allocateDirect(BLOCK);
  private final ByteBuffer second = ByteBuffer.allocateDirect(BLOCK);

  private TensorComparison(FileParts before, FileParts after) {
    this.before = before;
    this.after = after;
  }

  /**
   * Compares two files.
   *
   * @param name their path in the model
   * @throws IOException if one of them cannot be read
   */
  public static TensorDifference of(
      TensorFormat format, String name, FileParts before, FileParts after) throws IOException {
    TensorTable old;
    TensorTable fresh;
    try {
      old = format.read(before);
    } catch (UnreadTensorsException e) {
      return TensorDifference.unknown(name, "the older file: " + e.getMessage());
    }
    try {
      fresh = format.read(after);
    } catch (UnreadTensorsException e) {
      return TensorDifference.unknown(name, "the newer file: " + e.getMessage());
    }
    return new TensorComparison(before, after).compare(name, old, fresh);
  }

  private TensorDifference compare(String name, TensorTable old, TensorTable fresh)
      throws IOException {
    List<String> changed = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : fresh.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      Tensor earlier = old.tensors().get(entry.getKey());
      if (earlier == null) {
        added.add(entry.getKey());
      } else if (!tensor.looksLike(earlier) || differ(earlier.at(), tensor.at(), tensor.length())) {
        changed.add(entry.getKey());
      }
    }
    List<String> removed =
        old.tensors().keySet().stream().filter(one -> !fresh.tensors().containsKey(one)).toList();
    return new TensorDifference(
        name,
        Optional.empty(),
        fresh.tensors().size(),
        changed,
        added,
        removed,
        metadataDiffers(old, fresh));
  }

  private boolean metadataDiffers(TensorTable old, TensorTable fresh) throws IOException {
    long length = fresh.metadataEnd() - fresh.metadataStart();
    return !old.words().equals(fresh.words())
        || old.metadataEnd() - old.metadataStart() != length
        || differ(old.metadataStart(), fresh.metadataStart(), length);
  }

  private boolean differ(long earlier, long later, long length) throws IOException {
    long done = 0;
    while (done < length) {
      int some = (int) Math.min(BLOCK, length - done);
      before.read(first.clear().limit(some), earlier + done);
      after.read(second.clear().limit(some), later + done);
      if (first.flip().mismatch(second.flip()) >= 0) {
        return true;
      }
      done += some;
    }
    return false;
  }
}
