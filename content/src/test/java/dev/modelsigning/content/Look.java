package dev.modelsigning.content;

import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.RunnableContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Inspects files in memory in the same way as when a model is hashed. */
final class Look {

  private Look() {}

  /** Bytes up to U+00FF. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static FileFacts at(String name, String bytes) {
    return at(name, bytes(bytes));
  }

  static FileFacts at(String name, byte[] bytes) {
    return at(name, bytes, 64 * 1024);
  }

  static FileFacts at(String name, byte[] bytes, int blockSize) {
    try {
      return at(name, parts(bytes), blockSize);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FileFacts at(String name, FileParts parts, int blockSize) throws IOException {
    return at(name, parts, () -> blockSize);
  }

  /** In blocks of changing sizes. */
  static FileFacts at(String name, FileParts parts, IntSupplier blockSizes) throws IOException {
    ByteBuffer start = read(parts, 0, (int) Math.min(4096, parts.size()));
    Optional<FileInspection> inspection =
        ModelContents.INSTANCE.begin(name, parts.size(), start.asReadOnlyBuffer());
    if (inspection.isEmpty()) {
      return FileFacts.NONE;
    }
    boolean more = true;
    long at = 0;
    while (more && at < parts.size()) {
      ByteBuffer block = read(parts, at, (int) Math.min(blockSizes.getAsInt(), parts.size() - at));
      at += block.remaining();
      more = inspection.get().accept(block.asReadOnlyBuffer());
    }
    return inspection.get().end(Optional.of(parts));
  }

  private static ByteBuffer read(FileParts parts, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    parts.read(buffer, at);
    return buffer.flip();
  }

  static FileParts parts(byte[] bytes) {
    return new FileParts() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void read(ByteBuffer into, long at) {
        Objects.checkFromIndexSize(at, into.remaining(), (long) bytes.length);
        into.put(bytes, (int) at, into.remaining());
      }
    };
  }

  /** Names of all that can run. */
  static List<String> names(FileFacts facts) {
    return facts.runnable().stream().flatMap(one -> one.names().stream()).toList();
  }

  static List<String> rules(FileFacts facts) {
    return facts.findings().stream().map(one -> one.rule().code()).distinct().toList();
  }

  static List<RunnableContent.Kind> kinds(FileFacts facts) {
    return facts.runnable().stream().map(RunnableContent::kind).toList();
  }
}
