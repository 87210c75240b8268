package dev.modelsigning.local;

import dev.modelsigning.internal.engine.FileTap;
import dev.modelsigning.internal.engine.HashInput;
import dev.modelsigning.internal.engine.ParallelFileHasher;
import dev.modelsigning.internal.hash.HashFunction;
import dev.modelsigning.model.Digester;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hashes files with threads of this process. The first file that cannot be read ends the run.
 * Memory use depends on the number of threads and not on the size of the files.
 */
public final class LocalDigester implements Digester {

  /** The single instance; all parameters are passed with each call. */
  public static final LocalDigester INSTANCE = new LocalDigester();

  private LocalDigester() {}

  @Override
  public void digest(
      Collection<? extends ModelFile> files, Hashing how, Consumer<? super HashOutcome> sink)
      throws IOException {
    List<ModelFile> ordered = List.copyOf(files);
    List<HashInput> inputs = new ArrayList<>(ordered.size());
    for (ModelFile file : ordered) {
      inputs.add(input(file, rangeSize(how)));
    }
    hasher(how)
        .hash(
            inputs,
            new ParallelFileHasher.Sink() {
              @Override
              public void hashed(int number, byte[][] digests) {
                sink.accept(new Hashed(ordered.get(number), List.of(digests), Evidence.READ));
              }

              @Override
              public @Nullable FileTap tap(int number, ByteBuffer start) {
                return InspectedFile.of(ordered.get(number), how, start);
              }
            });
  }

  static ParallelFileHasher hasher(Hashing how) {
    return new ParallelFileHasher(
        () -> function(how), how.parallelism(), how.progress()::hashed, how.progress()::finished);
  }

  private static HashFunction function(Hashing how) {
    return switch (how.algorithm()) {
      case SHA256 -> HashFunction.sha256();
      case BLAKE2B -> HashFunction.blake2b512();
      case BLAKE3 -> HashFunction.blake3();
    };
  }

  static long rangeSize(Hashing how) {
    return how.shardSize().orElse(HashInput.WHOLE);
  }

  private static HashInput input(ModelFile file, long rangeSize) {
    return file instanceof LocalFile local ? local.input(rangeSize) : new Remote(file, rangeSize);
  }

  /**
   * A file that is not in a file system.
   *
   * @param file the file
   * @param rangeSize length of the ranges that have a digest each, in bytes
   */
  private record Remote(ModelFile file, long rangeSize) implements HashInput {
    @Override
    public String shown() {
      return file.location();
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public boolean cheapRanges() {
      return file.cheapRanges();
    }

    @Override
    public ReadableByteChannel open(long from, long to) throws IOException {
      try {
        return file.open(from, to);
      } catch (UncheckedIOException e) {
        throw e.getCause(); // the engine adds the name of the file
      }
    }

    @Override
    public void requireUnchanged() throws IOException {
      file.requireUnchanged();
    }

    /** A remote store has its own time-outs. */
    @Override
    public @Nullable FileSystemException problem() {
      return null;
    }
  }
}
