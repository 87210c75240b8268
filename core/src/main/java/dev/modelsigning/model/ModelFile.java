package dev.modelsigning.model;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * A file of a model in the version in which it was found. It may be read by several threads
 * concurrently. It returns the content of that version, or fails.
 */
public interface ModelFile {

  /**
   * Its path in the model: relative, {@code /} between components (OMS 6.1.2). It is the source's
   * own name: one that is not canonical is passed like any other, and refused by the listing.
   */
  String name();

  /** The same name in UTF-8. The array must not be modified. */
  default byte[] utf8Name() {
    return name().getBytes(StandardCharsets.UTF_8);
  }

  /** Where it is, for display: a path or a URI. */
  String location();

  /** Its length in bytes, from 0 to 2^62; always the same value. */
  long size();

  /**
   * Its modification time according to the store; empty if unknown. Anybody can set such a time: it
   * is only a hint for people.
   */
  default Optional<Instant> modified() {
    return Optional.empty();
  }

  /** The version that was found. */
  Version version();

  /**
   * The version in a form that can be kept for a later run.
   *
   * @return empty if the store cannot tell whether a file was changed, other than by reading it
   * @throws IOException if the file has changed since it was found; the message names it
   */
  default Optional<StoredVersion> storedVersion() throws IOException {
    return Optional.empty();
  }

  /**
   * Opens a part of it. Hashing fails if that takes longer than a minute, so retries against a
   * store must not take longer than that.
   *
   * @param from the first byte, from 0
   * @param to the byte after the last one, at most the size. The channel may continue after it; if
   *     it is the size, the channel must end there unless the file has grown. If it is a {@link
   *     java.nio.channels.SeekableByteChannel} of the whole file, or {@link
   *     dev.modelsigning.facts.FileParts}, then other parts may be read from it too
   * @throws IOException if it cannot be opened, or its version has changed; the message names it
   */
  ReadableByteChannel open(long from, long to) throws IOException;

  /**
   * Requires that the version is still the one that was found. Called after each part was read; a
   * source whose {@link #open} never returns another version need not do anything.
   *
   * @throws IOException if it changed, or that cannot be determined; the message names it
   */
  void requireUnchanged() throws IOException;

  /**
   * Whether reading a part costs little more than the size of that part, so that the file may be
   * read in parts.
   */
  boolean cheapRanges();
}
