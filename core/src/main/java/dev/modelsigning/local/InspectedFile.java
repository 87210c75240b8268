package dev.modelsigning.local;

import dev.modelsigning.facts.ContentCollector;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.internal.engine.FileTap;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.ModelFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file that is inspected while it is hashed. */
final class InspectedFile implements FileTap {

  private static final int BUFFER_SIZE = 64 * 1024;

  private final String name;
  private final ModelFile file;
  private final FileInspection inspection;
  private final ContentCollector collector;
  private boolean wantsMore = true;

  private InspectedFile(
      String name, ModelFile file, FileInspection inspection, ContentCollector collector) {
    this.name = name;
    this.file = file;
    this.inspection = inspection;
    this.collector = collector;
  }

  /** Asks the inspector about a file; returns null if it is not interested. */
  static @Nullable FileTap of(ModelFile file, Hashing how, ByteBuffer start) {
    if (how.contents().isEmpty()) {
      return null;
    }
    ContentCollector collector = how.contents().get();
    String name = file.name();
    return collector
        .begin(name, file.size(), start)
        .map(inspection -> new InspectedFile(name, file, inspection, collector))
        .orElse(null);
  }

  @Override
  public boolean accept(ByteBuffer block) {
    wantsMore = inspection.accept(block);
    return wantsMore;
  }

  @Override
  public void end(ReadableByteChannel channel, long seen) throws IOException {
    Optional<FileParts> parts = partsOf(channel);
    if (parts.isPresent()) {
      readOn(parts.get(), seen);
    }
    collector.add(name, inspection.end(parts));
  }

  /** Reads what was hashed by other threads than the one that read the first part. */
  private void readOn(FileParts parts, long from) throws IOException {
    long at = from;
    ByteBuffer buffer = null;
    while (wantsMore && at < file.size()) {
      if (buffer == null) {
        buffer = ByteBuffer.allocate(BUFFER_SIZE);
      }
      buffer.clear().limit((int) Math.min(BUFFER_SIZE, file.size() - at));
      parts.read(buffer, at);
      at += buffer.flip().remaining();
      wantsMore = inspection.accept(buffer.asReadOnlyBuffer());
    }
  }

  private Optional<FileParts> partsOf(ReadableByteChannel channel) {
    if (channel instanceof FileParts parts) {
      return Optional.of(parts);
    }
    return channel instanceof SeekableByteChannel seekable
        ? Optional.of(FileParts.of(seekable, file.size(), file.location()))
        : Optional.empty();
  }
}
