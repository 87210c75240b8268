package dev.modelsigning.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * That vector code does what plain code does. Runs in JVMs of its own that have the vector module,
 * one for each length of vectors; see the executions of Surefire.
 */
@Tag("vector")
class VectorCodeTest {

  private static final Random RANDOM = new Random(20_252);

  private static Blake3Lanes vectorLanes;
  private static Blake2bRounds vectorRounds;

  @BeforeAll
  static void findVectorCode() {
    vectorLanes = Blake3.LANES.vector().orElseThrow();
    vectorRounds = Blake2b512.ROUNDS.vector().orElseThrow();
  }

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
      new Blake3PlainLanes().chunks(input, 3, count, counter, expected, 8);
      int[] actual = new int[8 * 300];
      vectorLanes.chunks(input, 3, count, counter, actual, 8);
      assertThat(Arrays.copyOf(actual, 8 * (count + 1)))
          .as("from chunk %d", counter)
          .isEqualTo(Arrays.copyOf(expected, 8 * (count + 1)));
    }
  }

  @ParameterizedTest
  @MethodSource("counts")
  void parents(int count) {
    int[] children = RANDOM.ints(16L * 256).toArray();
    int[] expected = children.clone();
    new Blake3PlainLanes().parents(expected, count);
    vectorLanes.parents(children, count);
    assertThat(children).isEqualTo(expected);
  }

  @Test
  void rounds() {
    for (int i = 0; i < 100; i++) {
      long[] v = RANDOM.longs(16).toArray();
      long[] m = RANDOM.longs(16).toArray();
      long[] expected = v.clone();
      new Blake2bPlainRounds().mix(expected, m);
      vectorRounds.mix(v, m);
      assertThat(v).isEqualTo(expected);
    }
  }

  /** Long enough for the vector code to be compiled, tried and, where it is faster, taken. */
  @Test
  void theDigestStaysTheSameWhenTheCodeChanges() {
    byte[] input = new byte[3_000_000];
    RANDOM.nextBytes(input);
    for (HashFunction function : new HashFunction[] {new Blake3(), new Blake2b512()}) {
      function.update(input, 0, input.length);
      byte[] first = function.digest();
      for (int i = 0; i < 300; i++) {
        function.update(input, 0, input.length);
        assertThat(function.digest()).isEqualTo(first);
      }
    }
  }
}
