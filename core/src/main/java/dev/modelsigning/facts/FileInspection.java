package dev.modelsigning.facts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Looks at one file. Calls come one after the other, though perhaps from different threads. */
public interface FileInspection {

  /**
   * Takes the next bytes, from the first one of the file on. They are those that are hashed, but
   * where a file is hashed in several parts at once: then what lies behind the first part is read
   * once more, from the open file.
   *
   * @param block the bytes, read-only; its position may be moved
   * @return whether to be given more
   */
  boolean accept(ByteBuffer block);

  /**
   * Tells what was found. Called once, when all of the file was read for its digests, and not at
   * all if that failed.
   *
   * @param parts any part of the file, from the open file that was hashed; it is compared with what
   *     was found once more after this returned. Empty if the source cannot read parts, and then
   *     {@link #accept} has had what it was to have only if the file was hashed in one piece
   * @return the facts; of what could not be understood, a finding
   * @throws IOException if a part cannot be read, which ends the verification. Bytes that make no
   *     sense are no such failure
   */
  FileFacts end(Optional<FileParts> parts) throws IOException;
}
