package dev.modelsigning.facts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Inspects one file. Calls are sequential, though possibly from different threads. */
public interface FileInspection {

  /**
   * Receives the next bytes, starting with the first one of the file. They are the bytes that are
   * hashed, except where a file is hashed in several parts in parallel: then the bytes after the
   * first part are read a second time, from the same open file.
   *
   * @param block the bytes, read-only; its position may be moved
   * @return whether more bytes are wanted
   */
  boolean accept(ByteBuffer block);

  /**
   * Returns what was found. Called once, after the whole file was read for its digests, and not at
   * all if that failed.
   *
   * @param parts random access to the open file that was hashed; whether it has changed is checked
   *     after this method returned or failed. Empty if the source has no random access; {@link
   *     #accept} then received all requested bytes only if the file was hashed in one piece
   * @return the facts, with a finding for what could not be interpreted
   * @throws IOException if a part cannot be read, which ends the verification. Malformed content is
   *     not such a failure
   */
  FileFacts end(Optional<FileParts> parts) throws IOException;
}
