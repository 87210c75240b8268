package dev.modelsigning.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The result for many nodes in parallel equals that for single nodes, also with counters that no
 * test can reach by hashing.
 */
class Blake3LanesTest {

  private static final Random RANDOM = new Random(20_252);

  static IntStream counts() {
    return IntStream.of(0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 100, 255, 256);
  }

  @ParameterizedTest
  @MethodSource("counts")
  void chunks(int count) {
    byte[] input = new byte[300_000];
    RANDOM.nextBytes(input);
    for (long counter : new long[] {0, 256, 0xFFFF_FF00L, 0x1_0000_0000L, 0x7FFF_FFFF_FF00L}) {
      int[] expected = new int[8 * 300];
      for (int i = 0; i < count; i++) {
        new Blake3Nodes().chunk(input, 3 + 1024 * i, 1024, counter + i, 0, expected, 8 + 8 * i);
      }
      int[] actual = new int[8 * 300];

      new Blake3Lanes().chunks(input, 3, count, counter, actual, 8);

      assertThat(Arrays.copyOf(actual, 8 * (count + 1)))
          .as("from chunk %d", counter)
          .isEqualTo(Arrays.copyOf(expected, 8 * (count + 1)));
    }
  }

  @ParameterizedTest
  @MethodSource("counts")
  void parents(int count) {
    int[] cvs = RANDOM.ints(16L * 256).toArray();
    int[] expected = new int[8 * count];
    for (int i = 0; i < count; i++) {
      new Blake3Nodes().parent(cvs, 16 * i, 0, expected, 8 * i);
    }

    new Blake3Lanes().parents(cvs, count);

    assertThat(Arrays.copyOf(cvs, 8 * count)).isEqualTo(expected);
  }
}
