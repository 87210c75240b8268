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
 * A file that is compressed as a whole. What zlib or gzip wrote (RFC 1950, RFC 1952) is inflated
 * and read, if its first bytes or its name are of interest; of other forms it is only told that
 * they were not looked into.
 */
public final class CompressedReader implements PartReader {

  private static final int GZIP = 0x1f8b;
  private static final int START = 4096;
  private static final int BLOCK_SIZE = 32 * 1024;

  private final FileStart file;
  private final PartReaders readers;
  private final boolean isGzip;
  private final boolean isZlib;
  private final Budget budget;
  private final GzipHeader header = new GzipHeader();

  private @Nullable Inflater inflater;
  private byte[] output = new byte[START];
  private int kept;
  private @Nullable PartReader reader;
  private boolean isStarted;
  private boolean isDone;
  private boolean isBroken;
  private boolean isOverBudget;

  /**
   * A reader of a compressed file.
   *
   * @param readers who reads what was inflated
   */
  public CompressedReader(FileStart file, PartReaders readers) {
    this.isGzip = file.magic() >>> 16 == GZIP;
    this.isZlib = isZlib(file);
    this.file = file.withoutStart();
    this.budget = this.file.budget();
    this.readers = readers;
  }

  /**
   * Whether the first two bytes are those of zlib with its usual window: method 8, and divisible by
   * 31. With other windows they could be opcodes of a pickle, and no loader takes them.
   */
  public static boolean isZlib(FileStart file) {
    int first = file.magic() >>> 16;
    return first >>> 8 == 0x78 && first % 31 == 0;
  }

  @Override
  public boolean accept(ByteBuffer block) {
    if (isDone || (!isGzip && !isZlib)) {
      return false;
    }
    if (inflater == null) {
      inflater = new Inflater(isGzip);
    }
    while (!isDone && block.hasRemaining()) {
      if (!isGzip || header.accept(block)) {
        inflate(inflater, block);
      } else if (header.isBroken()) {
        isBroken = !header.isBehindMember();
        isDone = true;
      }
    }
    if (isDone) {
      if (kept > 0) {
        pass();
      }
      inflater.end();
    }
    return !isDone;
  }

  private void inflate(Inflater with, ByteBuffer block) {
    with.setInput(block);
    while (!isDone) {
      long before = with.getBytesWritten();
      int length;
      try {
        length = with.inflate(output, kept, output.length - kept);
      } catch (DataFormatException e) {
        // Told as a finding, which has no use for zlib's words. A loader has got what stands
        // before.
        length = (int) (with.getBytesWritten() - before);
        isBroken = true;
        isDone = true;
      }
      kept += length;
      if (!budget.take(length)) {
        isOverBudget = true;
        isDone = true;
      }
      if (kept == output.length) {
        pass();
      }
      isBroken |= with.needsDictionary();
      isDone |= with.needsDictionary() || (with.finished() && !isGzip);
      if (with.finished() && isGzip) {
        // More of the same may follow, which loaders put behind this.
        header.nextMember();
        with.reset();
        return;
      }
      if (length == 0) {
        return;
      }
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
    reader = readers.of(inflated).orElse(null);
  }

  @Override
  public void end(FoundFacts found) {
    if (!isGzip && !isZlib) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          file.part(),
          "it is compressed in a form not read here");
      return;
    }
    boolean isCut = !isDone && !(isGzip && header.isBehindMember());
    if (inflater != null) {
      if (!isDone && kept > 0) {
        pass();
      }
      inflater.end();
    }
    if (reader == null && isStarted) {
      return;
    }
    if (reader != null) {
      reader.end(found);
    }
    if (isBroken || isCut) {
      found.finding(ReadingRules.CONTENT_BROKEN, file.part(), "it cannot be inflated to its end");
    }
    if (isOverBudget) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          file.part(),
          "it has more than " + Budget.MAX_BYTES + " bytes inflated");
    }
  }

  /** The header of gzip, in blocks of any size. */
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
    private boolean isFirst = true;

    private enum Step {
      TRAILER,
      PADDING,
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

    /** Goes on behind the data of a member: with its checksum, and perhaps another member. */
    void nextMember() {
      isFirst = false;
      step = Step.TRAILER;
      left = 8;
      at = 0;
    }

    /** Whether a member ended, and no other one is known to follow. */
    boolean isBehindMember() {
      return !isFirst && step.compareTo(Step.FIXED) <= 0;
    }

    /** Whether the header ended; what stands behind it is left in the block. */
    boolean accept(ByteBuffer block) {
      while (step != Step.DONE && !isBroken && block.hasRemaining()) {
        next(block.get() & 0xff);
      }
      return step == Step.DONE;
    }

    private void next(int value) {
      isBroken |= ++at > MAX_LENGTH;
      switch (step) {
        case TRAILER -> {
          if (--left == 0) {
            step = Step.PADDING;
          }
        }
        case PADDING -> {
          if (value != 0) {
            step = Step.FIXED;
            at = 0;
            flags = 0;
            extraLength = 0;
            next(value);
          }
          at = Math.min(at, 1);
        }
        case FIXED -> {
          if ((at == 1 && value != 0x1f) || (at == 2 && value != 0x8b) || (at == 3 && value != 8)) {
            isBroken = true;
          }
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

    /** Goes to a step, or to the next one that there is. */
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
