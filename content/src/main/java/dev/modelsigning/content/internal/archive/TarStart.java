package dev.modelsigning.content.internal.archive;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.content.internal.found.ReadingRules;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A tar file, of which it is only told that it was not looked into. PyTorch still loads pickles
 * from such that its first versions wrote.
 */
public final class TarStart implements PartReader {

  private static final int HEADER = 512;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private final Optional<String> part;
  private final boolean isTar;

  /** A file that may be one. */
  public TarStart(FileStart file) {
    this.part = file.part();
    this.isTar = is(file);
  }

  /**
   * Whether a file begins with a header whose checksum is right (POSIX pax, ustar header block):
   * all that old ones have. Programs take one that was added up with signed bytes, too.
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
