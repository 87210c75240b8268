package dev.modelsigning.content.internal.archive;

import dev.modelsigning.content.internal.found.Budget;
import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.content.internal.found.PartReaders;
import dev.modelsigning.content.internal.found.ReadingRules;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A file that is compressed as a whole. zlib and gzip streams (RFC 1950, RFC 1952) are inflated and
 * inspected, if their first bytes or name indicate a format of interest; other compression formats
 * are only reported as not inspected.
 */
public final class CompressedReader implements PartReader {

  private static final int GZIP = 0x1f8b;
  private static final int GZIP_TRAILER = 8;
  private static final int START = 4096;
  private static final int BLOCK_SIZE = 32 * 1024;

  private enum Place {
    HEADER,
    DATA,
    TRAILER,
    BEHIND
  }

  private final FileStart file;
  private final PartReaders readers;
  private final boolean isGzip;
  private final boolean isZlib;
  private final Budget budget;

  private Place place;
  private GzipHeader header = new GzipHeader();
  private @Nullable Inflater inflater;
  private int trailerLeft;
  private byte[] output = new byte[START];
  private int kept;
  private @Nullable PartReader reader;
  private boolean isStarted;
  private boolean isArchive;
  private boolean isDone;
  private boolean isBroken;
  private boolean isOverBudget;

  /**
   * Creates a reader of a compressed file.
   *
   * @param readers the readers of inflated content
   */
  public CompressedReader(FileStart file, PartReaders readers) {
    this.isGzip = file.magic() >>> 16 == GZIP;
    this.isZlib = isZlib(file);
    this.place = isGzip ? Place.HEADER : Place.DATA;
    this.file = file.withoutStart();
    this.budget = this.file.budget();
    this.readers = readers;
  }

  /**
   * Whether the first two bytes are those of zlib with its usual window: method 8, and divisible by
   * 31. With other windows they could be opcodes of a pickle, and no loader accepts them.
   */
  private static boolean isZlib(FileStart file) {
    int first = file.magic() >>> 16;
    return first >>> 8 == 0x78 && first % 31 == 0;
  }

  /** Whether the first bytes are those of a compression format, supported here or not. */
  public static boolean isCompressed(FileStart file) {
    return switch (file.magic()) {
      case 0xfd377a58, // xz
          0x04224d18, // lz4
          0x28b52ffd, // Zstandard
          0x377abcaf -> // 7z
          true;
      // What joblib recognizes as lzma, and its own old format; neither can begin a pickle.
      default ->
          file.magic() >>> 16 == GZIP
              || file.has(0, "BZh")
              || file.has(0, "]\0")
              || file.has(0, "ZF0x")
              || isZlib(file);
    };
  }

  /** Whether it is a tar archive, by its magic number or its name. */
  public static boolean isTar(FileStart file) {
    return (file.at(257) == 'u' && file.has(257, "ustar"))
        || TarStart.is(file)
        || switch (file.ending()) {
          case "tar", "tgz", "tbz2", "txz" -> true;
          default -> false;
        };
  }

  @Override
  public boolean accept(ByteBuffer block) {
    if (!isGzip && !isZlib) {
      return false;
    }
    try {
      while (!isDone && block.hasRemaining()) {
        step(block);
      }
    } catch (DataFormatException e) {
      // Reported as a finding, which does not include zlib's message.
      isBroken = true;
      isDone = true;
    }
    if (isDone) {
      close();
    }
    return !isDone;
  }

  /** There may be several consecutive streams: loaders read all of them. */
  private void step(ByteBuffer block) throws DataFormatException {
    switch (place) {
      case HEADER -> {
        if (header.accept(block)) {
          place = Place.DATA;
        }
        isBroken |= header.isBroken();
        isDone |= header.isBroken();
      }
      case DATA -> {
        if (inflater == null) {
          inflater = new Inflater(isGzip);
        }
        inflate(inflater, block);
      }
      case TRAILER -> {
        int some = Math.min(trailerLeft, block.remaining());
        block.position(block.position() + some);
        trailerLeft -= some;
        if (trailerLeft == 0) {
          place = Place.BEHIND;
        }
      }
      case BEHIND -> {
        if (block.get(block.position()) == 0) {
          block.get();
        } else {
          header = new GzipHeader();
          place = isGzip ? Place.HEADER : Place.DATA;
          if (inflater != null) {
            inflater.reset();
          }
        }
      }
    }
  }

  private void inflate(Inflater with, ByteBuffer block) throws DataFormatException {
    with.setInput(block);
    while (!isDone && place == Place.DATA) {
      long before = with.getBytesWritten();
      try {
        with.inflate(output, kept, output.length - kept);
      } finally {
        // Content before an error counts.
        take((int) (with.getBytesWritten() - before));
      }
      if (with.finished()) {
        trailerLeft = GZIP_TRAILER;
        place = isGzip ? Place.TRAILER : Place.BEHIND;
      } else if (with.needsDictionary()) {
        isBroken = true;
        isDone = true;
      } else if (with.needsInput()) {
        return;
      }
    }
  }

  private void take(int length) {
    kept += length;
    if (!budget.take(length)) {
      isOverBudget = true;
      isDone = true;
    } else if (kept == output.length) {
      pass();
    }
  }

  private void pass() {
    if (!isStarted) {
      start();
    }
    if (reader == null || !reader.accept(ByteBuffer.wrap(output, 0, kept).asReadOnlyBuffer())) {
      isDone = true;
    }
    kept = 0;
    if (output.length < BLOCK_SIZE) {
      output = new byte[BLOCK_SIZE];
    }
  }

  private void start() {
    isStarted = true;
    FileStart inflated = file.inflated(ByteBuffer.wrap(output, 0, kept).asReadOnlyBuffer());
    isArchive = inflated.isZip() || isTar(inflated) || isCompressed(inflated);
    reader = readers.of(inflated).orElse(null);
  }

  private void close() {
    if (inflater != null) {
      inflater.end();
    }
  }

  @Override
  public void end(FoundFacts found) {
    close();
    if (!isGzip && !isZlib) {
      if (!file.isZip()) {
        found.finding(
            ReadingRules.CONTENT_NOT_SEARCHED,
            file.part(),
            "it is an archive, or compressed, in a form not read here");
      }
      return;
    }
    isBroken |= !isDone && place != Place.BEHIND;
    if (kept > 0) {
      pass();
    }
    if (reader != null) {
      reader.end(found);
    }
    if (isArchive) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          file.part(),
          "an archive, or what is compressed, is not looked into in a compressed file");
    }
    if (isBroken && (reader != null || !isStarted)) {
      found.finding(ReadingRules.CONTENT_BROKEN, file.part(), "it cannot be inflated to its end");
    }
    if (isOverBudget) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          file.part(),
          "it has more than " + Budget.MAX_BYTES + " bytes inflated");
    }
  }

  /** Parses the header of gzip, in blocks of any size. */
  private static final class GzipHeader {
    private static final int FIXED = 10;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int CHECKSUM = 2;
    private static final int MAX_LENGTH = 1 << 17;

    private int at;
    private int flags;
    private int extraLength;
    private int left;
    private boolean isBroken;

    private enum Step {
      FIXED,
      EXTRA_LENGTH,
      EXTRA,
      NAME,
      COMMENT,
      CHECKSUM,
      DONE
    }

    private Step step = Step.FIXED;

    boolean isBroken() {
      return isBroken;
    }

    /** Whether the header is complete; what follows it is left in the block. */
    boolean accept(ByteBuffer block) {
      while (step != Step.DONE && !isBroken && block.hasRemaining()) {
        next(block.get() & 0xff);
      }
      return step == Step.DONE;
    }

    private void next(int value) {
      isBroken |= ++at > MAX_LENGTH;
      switch (step) {
        case FIXED -> {
          // The two magic bytes of gzip, and its only method.
          isBroken |= (at == 1 && value != 0x1f) || (at == 2 && value != 0x8b);
          isBroken |= at == 3 && value != 8;
          if (at == 4) {
            flags = value;
          }
          if (at == FIXED) {
            go(Step.EXTRA_LENGTH, 2);
          }
        }
        case EXTRA_LENGTH -> {
          extraLength |= value << (left == 2 ? 0 : 8);
          if (--left == 0) {
            go(Step.EXTRA, extraLength);
          }
        }
        case EXTRA -> {
          if (--left == 0) {
            go(Step.NAME, 0);
          }
        }
        case NAME -> {
          if (value == 0) {
            go(Step.COMMENT, 0);
          }
        }
        case COMMENT -> {
          if (value == 0) {
            go(Step.CHECKSUM, 2);
          }
        }
        case CHECKSUM -> {
          if (--left == 0) {
            step = Step.DONE;
          }
        }
        case DONE -> isBroken = true;
      }
    }

    /** Goes to a step, or to the next one that is present. */
    private void go(Step next, int length) {
      step = next;
      left = length;
      if ((next == Step.EXTRA_LENGTH && (flags & EXTRA) == 0)
          || (next == Step.EXTRA && length == 0)) {
        go(Step.NAME, 0);
      } else if (next == Step.NAME && (flags & NAME) == 0) {
        go(Step.COMMENT, 0);
      } else if (next == Step.COMMENT && (flags & COMMENT) == 0) {
        go(Step.CHECKSUM, 2);
      } else if (next == Step.CHECKSUM && (flags & CHECKSUM) == 0) {
        step = Step.DONE;
      }
    }
  }
}
