package dev.modelsigning;

import dev.modelsigning.internal.copy.SpooledFile;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.ModelFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads signed files: every byte is checked against the signed digests before it is returned. The
 * files are located once, when the first one is requested; files that were replaced after that fail
 * the check of their digests.
 */
final class SignedFiles {

  /**
   * The largest amount of data that is held in memory to be checked before it is returned, in
   * bytes.
   */
  static final long MAX_IN_MEMORY = 64L << 20;

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final SignedContent content;
  private @Nullable Map<String, ModelFile> located;

  SignedFiles(SignedContent content) {
    this.content = content;
  }

  byte[] readAllBytes(String name) throws IOException, ModelMismatchException {
    return readAllBytes(name, MAX_ARRAY, "is too large for an array; open it, or copy the model");
  }

  /**
   * Reads a whole file.
   *
   * @param most the largest length that is accepted, in bytes
   * @param tooLarge the message if the file is longer
   */
  byte[] readAllBytes(String name, long most, String tooLarge)
      throws IOException, ModelMismatchException {
    List<ResourceDescriptor> parts = parts(name);
    ModelFile file = file(name);
    if (file.size() > most) {
      throw new FileSystemException(file.location(), null, tooLarge);
    }
    byte[] bytes = read(file, 0, (int) file.size());
    content.prove(name, new MemoryFile(file, bytes), parts, shardSize());
    return bytes;
  }

  SeekableByteChannel open(String name) throws IOException, ModelMismatchException {
    List<ResourceDescriptor> parts = parts(name);
    ModelFile file = file(name);
    OptionalLong shardSize = shardSize();
    if (shardSize.isPresent() && shardSize.getAsLong() <= MAX_IN_MEMORY) {
      return new ProvedShards(content, name, file, parts, shardSize.getAsLong());
    }
    if (file.size() <= MAX_IN_MEMORY) {
      return new MemoryChannel(readAllBytes(name));
    }
    return SpooledFile.<ModelMismatchException>of(
        file, copied -> content.prove(name, copied, parts, shardSize));
  }

  private OptionalLong shardSize() {
    return content.manifest().serialization() instanceof Serialization.Shards shards
        ? OptionalLong.of(shards.shardSize())
        : OptionalLong.empty();
  }

  private List<ResourceDescriptor> parts(String name) {
    Manifest manifest = content.manifest();
    List<ResourceDescriptor> parts = manifest.resourcesOf(name);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no file of this name was signed: " + name);
    }
    return parts;
  }

  private synchronized ModelFile file(String name) throws IOException, ModelMismatchException {
    if (located == null) {
      located = content.locate();
    }
    ModelFile file = located.get(name);
    if (file == null) {
      throw content.missing(name);
    }
    return file;
  }

  /** Reads a part of a file, in one pass. */
  static byte[] read(ModelFile file, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try (ReadableByteChannel channel = file.open(from, from + length)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new FileSystemException(
              file.location(),
              null,
              "expected " + file.size() + " bytes, found " + (from + bytes.position()));
        }
      }
    }
    return bytes.array();
  }
}
