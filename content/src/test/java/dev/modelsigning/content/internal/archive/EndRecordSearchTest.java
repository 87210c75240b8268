package dev.modelsigning.content.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search for end records, which leaves out positions, finds what a plain one finds. */
class EndRecordSearchTest {

  private static final String SIGNATURE = "PK\5\6";

  /** The bytes of the signature, and others. */
  private static final String ALPHABET = SIGNATURE + SIGNATURE + "x\0\7k";

  private static List<Integer> found(String text) {
    ByteBuffer bytes =
        ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> positions = new ArrayList<>();
    int position = ZipDirectory.previousEnd(bytes, text.length() - SIGNATURE.length());
    while (position >= 0) {
      positions.add(position);
      position = ZipDirectory.previousEnd(bytes, position - 1);
    }
    return positions;
  }

  private static List<Integer> expected(String text) {
    List<Integer> positions = new ArrayList<>();
    int position = text.lastIndexOf(SIGNATURE);
    while (position >= 0) {
      positions.add(position);
      position = text.lastIndexOf(SIGNATURE, position - 1);
    }
    return positions;
  }

  @Test
  void findsEverySignatureBetweenItsOwnBytes() {
    Random random = new Random(7);
    int all = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      int length = SIGNATURE.length() + random.nextInt(40);
      while (text.length() < length) {
        if (random.nextInt(8) == 0) {
          text.append(SIGNATURE);
        } else {
          text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
      }
      List<Integer> expected = expected(text.toString());
      assertThat(found(text.toString())).as(text.toString()).isEqualTo(expected);
      all += expected.size();
    }
    assertThat(all).isGreaterThan(10_000);
  }

  @Test
  void findsOneAtEitherEnd() {
    assertThat(found(SIGNATURE)).containsExactly(0);
    assertThat(found(SIGNATURE + "x".repeat(9) + SIGNATURE)).containsExactly(13, 0);
    assertThat(found("x".repeat(9))).isEmpty();
  }
}
