package dev.modelsigning.model;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * A file of a model, as it looked when it was found. It may be read by several threads at once.
 * What it gives is of that version, or it fails.
 */
public interface ModelFile {

  /**
   * Its path in the model: relative, {@code /} between components (OMS 6.1.2). As the source has
   * it: one that is not canonical is told like any other, and refused by the listing.
   */
  String name();

  /** The same in UTF-8, and no other name. The array is not to be changed. */
  default byte[] utf8Name() {
    return name().getBytes(StandardCharsets.UTF_8);
  }

  /** Where it is, as people are shown it: a path, a URI. */
  String location();

  /** Its length in bytes, from 0 to 2^62; always the same. */
  long size();

  /**
   * When its content was written last, as the store says; empty where it does not. Anybody can set
   * such a time: it is a hint for people and nothing else.
   */
  default Optional<Instant> modified() {
    return Optional.empty();
  }

  /** Which version of it was found. */
  Version version();

  /**
   * Opens a part of it. Who hashes gives up if that takes longer than a minute, so a store that is
   * asked again and again is asked no longer than that.
   *
   * @param from the first byte, from 0
   * @param to the byte after the last one, at most the size. The channel may go on behind it; if it
   *     is the size, it has to end there unless the file has grown. If it is a {@link
   *     java.nio.channels.SeekableByteChannel} of the whole file, or {@link
   *     dev.modelsigning.facts.FileParts}, then other parts may be read from it too
   * @throws IOException if it cannot be opened, or is another version by now; the message names it
   */
  ReadableByteChannel open(long from, long to) throws IOException;

  /**
   * Requires that it is still the version that was found. Asked after each part was read; a source
   * whose {@link #open} gives no other version has nothing to do.
   *
   * @throws IOException if it changed, or that cannot be found out; the message names it
   */
  void requireUnchanged() throws IOException;

  /** Whether reading a part costs little more than the part, so that it is read in parts. */
  boolean cheapRanges();
}
