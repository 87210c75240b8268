package dev.modelsigning.content.internal.archive;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.content.internal.found.ReadingRules;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A tar file, which is only reported as not inspected. PyTorch still loads pickles from tar files
 * written by its first versions.
 */
public final class TarStart implements PartReader {

  private static final int HEADER = 512;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private final Optional<String> part;
  private final boolean isTar;

  /** Creates a reader of a possible tar file. */
  public TarStart(FileStart file) {
    this.part = file.part();
    this.isTar = is(file);
  }

  /**
   * Whether a file begins with a header with a valid checksum (POSIX pax, ustar header block), the
   * only indication in old files. Programs also accept a checksum that was computed with signed
   * bytes.
   */
  public static boolean is(FileStart file) {
    if (file.known() < HEADER || file.at(0) == 0) {
      return false;
    }
    int unsigned = 0;
    int signed = 0;
    for (int i = 0; i < HEADER; i++) {
      boolean isSum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
      int one = isSum ? ' ' : file.at(i);
      unsigned += one;
      signed += (byte) one;
    }
    int said = 0;
    int digits = 0;
    for (int i = CHECKSUM; i < CHECKSUM + CHECKSUM_LENGTH; i++) {
      int digit = file.at(i) - '0';
      if (digit >= 0 && digit < 8) {
        said = said << 3 | digit;
        digits++;
      } else if (digits > 0) {
        break;
      }
    }
    return digits > 0 && (said == unsigned || said == signed);
  }

  @Override
  public boolean accept(ByteBuffer block) {
    return false;
  }

  @Override
  public void end(FoundFacts found) {
    if (isTar) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED, part, "it is a tar file, which is not looked into");
    }
  }
}
