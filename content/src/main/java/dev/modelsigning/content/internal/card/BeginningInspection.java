package dev.modelsigning.content.internal.card;

import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Keeps the beginning of a file, and parses it after the whole file was hashed. */
final class BeginningInspection implements FileInspection {

  private final String name;
  private final int wanted;
  private final Reading reading;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  /** Parses the beginning of a file. */
  @FunctionalInterface
  interface Reading {
    /**
     * Parses it.
     *
     * @param beginning the first bytes, as many as were requested or all there are
     * @return the facts in them
     */
    FileFacts read(byte[] beginning);
  }

  /**
   * Creates an inspection of a file.
   *
   * @param name its path in the model
   * @param size its length in bytes
   * @param most the number of first bytes to keep
   */
  BeginningInspection(String name, long size, int most, Reading reading) {
    this.name = name;
    this.wanted = (int) Math.min(size, most);
    this.reading = reading;
  }

  @Override
  public boolean accept(ByteBuffer block) {
    byte[] bytes = new byte[Math.min(block.remaining(), wanted - kept.size())];
    block.get(bytes);
    kept.writeBytes(bytes);
    return kept.size() < wanted;
  }

  @Override
  public FileFacts end(Optional<FileParts> parts) throws IOException {
    int there = kept.size();
    byte[] beginning = Arrays.copyOf(kept.toByteArray(), wanted);
    if (there < wanted) {
      // It was hashed in several parts in parallel, of which only the first was seen.
      if (parts.isEmpty()) {
        return CardValues.unreadable(
            name,
            "only its beginning was seen, as the model is where files cannot be read in parts");
      }
      parts.get().read(ByteBuffer.wrap(beginning, there, wanted - there), there);
    }
    return reading.read(beginning);
  }
}
