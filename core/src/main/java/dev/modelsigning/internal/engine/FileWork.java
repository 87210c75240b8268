package dev.modelsigning.internal.engine;

import dev.modelsigning.internal.hash.Blake3;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A file to hash, and those of its digests that are known. */
final class FileWork {

  private final HashInput file;
  private final byte[][] digests;
  private final long pieceSize;
  private final int[] pieces;
  private final AtomicInteger partsUnread;
  private final AtomicInteger partsLeft;
  private final DirectoryScan.Result result;

  /**
   * The tap for the bytes of the first part; of the threads of other parts, only the last one to
   * finish uses it.
   */
  private volatile @Nullable FileTap tap;

  private volatile long firstPart;

  private FileWork(
      HashInput file, int parts, long pieceSize, int pieces, DirectoryScan.Result result) {
    this.file = file;
    this.result = result;
    this.digests = new byte[file.ranges()][];
    this.pieceSize = pieceSize;
    this.pieces = new int[Blake3.PIECE_WORDS * pieces];
    this.partsUnread = new AtomicInteger(parts);
    this.partsLeft = new AtomicInteger(parts);
  }

  /** Creates the work for a file whose ranges are hashed in parts. */
  static FileWork inRanges(HashInput file, int parts, DirectoryScan.Result result) {
    return new FileWork(file, parts, 0, 0, result);
  }

  /** Creates the work for a file that is hashed in pieces of one digest. */
  static FileWork inPieces(
      HashInput file, long pieceSize, int pieces, DirectoryScan.Result result) {
    return new FileWork(file, pieces, pieceSize, pieces, result);
  }

  HashInput file() {
    return file;
  }

  /** The digests of the ranges, in ascending order; those not yet known are null. */
  byte[][] digests() {
    return digests;
  }

  /** The length in bytes of all pieces but the last. */
  long pieceSize() {
    return pieceSize;
  }

  int numberOfPieces() {
    return pieces.length / Blake3.PIECE_WORDS;
  }

  /** Finishes a piece and stores its chaining value. */
  void endPiece(Blake3 function, int number) {
    function.endPiece(pieces, Blake3.PIECE_WORDS * number);
  }

  /**
   * Called when the first bytes of the file were read.
   *
   * @param length the length of the file's first part, in bytes
   */
  @Nullable FileTap begin(ByteBuffer start, long length) {
    FileTap begun = result.tap(start);
    firstPart = length;
    tap = begun;
    return begun;
  }

  /**
   * Called when a part was read, while the file is still open: the thread that read the last part
   * notifies the tap. Then the file is compared with what was found, once for the part and for what
   * the tap read.
   *
   * @throws IOException if the file has changed, even if the tap failed, as its error comes from
   *     the change
   */
  void endReading(ReadableByteChannel channel) throws IOException {
    FileTap begun = partsUnread.decrementAndGet() > 0 ? null : tap;
    if (begun != null) {
      try {
        begun.end(channel, firstPart);
      } catch (IOException | RuntimeException e) {
        requireUnchanged(e);
        throw e;
      }
    }
    file.requireUnchanged();
  }

  /** Checks the file after an error of the tap, which is kept. */
  private void requireUnchanged(Exception error) throws IOException {
    try {
      file.requireUnchanged();
    } catch (IOException e) {
      if (!e.equals(error)) {
        e.addSuppressed(error);
      }
      throw e;
    }
  }

  /**
   * Called when a part is finished; returns whether it was the last one and the digests were passed
   * on.
   */
  boolean endPart() throws IOException {
    if (partsLeft.decrementAndGet() > 0) {
      return false;
    }
    if (pieces.length > 0) {
      digests[0] = Blake3.root(pieces);
    }
    result.digests(digests);
    return true;
  }
}
