package dev.modelsigning.inspection;

import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.TensorDifference;
import dev.modelsigning.facts.TensorFormats;
import dev.modelsigning.manifest.ManifestComparison;
import dev.modelsigning.manifest.ManifestComparison.FileChange;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files with tensors of two models, as they were listed before the models were hashed. They are
 * read again after that, and must still be the same versions, so that the comparison of tensors
 * concerns the files that were hashed.
 */
final class ComparedTensors {

  private final TensorFormats formats;
  private final Map<String, ModelFile> before;
  private final Map<String, ModelFile> after;

  private ComparedTensors(
      TensorFormats formats, Map<String, ModelFile> before, Map<String, ModelFile> after) {
    this.formats = formats;
    this.before = before;
    this.after = after;
  }

  static ComparedTensors find(
      TensorFormats formats, ModelSource before, ModelSource after, ModelHasher.Builder hashing)
      throws IOException {
    ModelHasher hasher = hashing.build();
    FoundFiles old = new FoundFiles(formats::knows);
    FoundFiles fresh = new FoundFiles(formats::knows);
    hasher.list(before, old);
    hasher.list(after, fresh);
    return new ComparedTensors(formats, old.files(), fresh.files());
  }

  /** Compares the tensors of each file that both models have and that changed. */
  List<TensorDifference> compare(ManifestComparison files) throws IOException {
    List<TensorDifference> differences = new ArrayList<>();
    for (FileChange change : files.changed()) {
      String name = change.before().name();
      ModelFile old = before.get(name);
      ModelFile fresh = after.get(name);
      if (old != null && fresh != null) {
        differences.add(compare(name, old, fresh));
      }
    }
    return differences;
  }

  private TensorDifference compare(String name, ModelFile old, ModelFile fresh) throws IOException {
    old.requireUnchanged();
    fresh.requireUnchanged();
    TensorDifference difference;
    try (ReadableByteChannel first = old.open(0, old.size());
        ReadableByteChannel second = fresh.open(0, fresh.size())) {
      Optional<FileParts> firstParts = parts(old, first);
      Optional<FileParts> secondParts = parts(fresh, second);
      difference =
          firstParts.isPresent() && secondParts.isPresent()
              ? formats.compare(name, firstParts.get(), secondParts.get())
              : TensorDifference.unknown(name, "a model is where files cannot be read in parts");
    }
    old.requireUnchanged();
    fresh.requireUnchanged();
    return difference;
  }

  private static Optional<FileParts> parts(ModelFile file, ReadableByteChannel channel) {
    if (channel instanceof FileParts parts) {
      return Optional.of(parts);
    }
    return channel instanceof SeekableByteChannel seekable
        ? Optional.of(FileParts.of(seekable, file.size(), file.location()))
        : Optional.empty();
  }
}
