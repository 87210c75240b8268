package dev.modelsigning.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of all hash functions, and their agreement with other implementations at all block
 * boundaries.
 */
class HashFunctionTest {

  private static final int KIB = 1024;

  /** Longer than four groups of BLAKE3, so that its stack of subtrees grows and shrinks. */
  private static final int LONGEST = 5 * KIB * KIB + 3 * KIB + 1;

  private static final byte[] INPUT = input();

  private static byte[] input() {
    byte[] input = new byte[LONGEST];
    new Random(20_251).nextBytes(input);
    return input;
  }

  /** The hash functions, and others that are right. */
  enum Algorithm {
    SHA256,
    BLAKE2B,
    BLAKE3;

    HashFunction ours() {
      return switch (this) {
        case SHA256 -> HashFunction.sha256();
        case BLAKE2B -> HashFunction.blake2b512();
        case BLAKE3 -> HashFunction.blake3();
      };
    }

    byte[] reference(byte[] input) {
      return switch (this) {
        case SHA256 -> jdkSha256(input);
        case BLAKE2B -> bouncyCastle(new Blake2bDigest(512), input);
        case BLAKE3 -> bouncyCastle(new Blake3Digest(256), input);
      };
    }
  }

  private static byte[] jdkSha256(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bouncyCastle(ExtendedDigest digest, byte[] input) {
    digest.update(input, 0, input.length);
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    return result;
  }

  /** Lengths around every block, chunk, batch and group, and some at random. */
  private static IntStream lengths() {
    IntStream borders =
        IntStream.of(
            64,
            128,
            KIB,
            2 * KIB,
            3 * KIB,
            4 * KIB,
            8 * KIB,
            16 * KIB,
            31 * KIB,
            32 * KIB,
            33 * KIB,
            63 * KIB,
            64 * KIB,
            100 * KIB,
            128 * KIB,
            255 * KIB,
            256 * KIB,
            257 * KIB,
            512 * KIB,
            1023 * KIB,
            1024 * KIB,
            1025 * KIB,
            2048 * KIB,
            3072 * KIB,
            4096 * KIB,
            4097 * KIB,
            5120 * KIB);
    IntStream around = borders.flatMap(border -> IntStream.rangeClosed(border - 1, border + 1));
    IntStream small = IntStream.of(0, 1, 2, 55, 56, 57, 119, 120);
    IntStream random = new Random(7).ints(60, 0, LONGEST);
    return IntStream.concat(small, IntStream.concat(around, random)).distinct();
  }

  @TestFactory
  Stream<DynamicTest> agreesWithAnother() {
    return lengths()
        .boxed()
        .flatMap(length ->
            Arrays.stream(Algorithm.values())
                .map(algorithm ->
                    DynamicTest.dynamicTest(
                        algorithm + ", " + length + " bytes", () -> agree(algorithm, length))));
  }

  /** In one piece, in random pieces from an array, and from a direct buffer. */
  private static void agree(Algorithm algorithm, int length) {
    byte[] input = Arrays.copyOf(INPUT, length);
    String expected = hex(algorithm.reference(input));
    HashFunction function = algorithm.ours();
    function.update(input, 0, length);
    assertThat(hex(function.digest())).isEqualTo(expected);

    Random random = new Random(length);
    for (int from = 0; from < length; ) {
      int step = Math.min(length - from, 1 + random.nextInt(1 << random.nextInt(22)));
      function.update(input, from, step);
      from += step;
    }
    assertThat(hex(function.digest())).as("in pieces").isEqualTo(expected);

    ByteBuffer direct = ByteBuffer.allocateDirect(length).put(input).flip();
    while (direct.hasRemaining()) {
      int step = Math.min(direct.remaining(), 1 + random.nextInt(1 << random.nextInt(22)));
      function.update(direct.slice().limit(step));
      direct.position(direct.position() + step);
    }
    assertThat(hex(function.digest())).as("from outside the heap").isEqualTo(expected);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void takesAllThatIsLeftInABuffer(Algorithm algorithm) {
    HashFunction function = algorithm.ours();
    for (ByteBuffer buffer :
        new ByteBuffer[] {
          ByteBuffer.wrap(INPUT, 5, 3000),
          ByteBuffer.wrap(INPUT).slice(5, 3000),
          ByteBuffer.wrap(INPUT, 5, 3000).asReadOnlyBuffer()
        }) {
      function.update(buffer);
      assertThat(buffer.hasRemaining()).isFalse();
      assertThat(hex(function.digest()))
          .isEqualTo(hex(algorithm.reference(Arrays.copyOfRange(INPUT, 5, 3005))));
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesNotDependOnOtherInstances(Algorithm algorithm) {
    HashFunction one = algorithm.ours();
    HashFunction other = algorithm.ours();
    one.update(INPUT, 0, 400_000);
    other.update(INPUT, 1, 400_000);
    one.update(INPUT, 400_000, 1);
    assertThat(hex(one.digest()))
        .isEqualTo(hex(algorithm.reference(Arrays.copyOf(INPUT, 400_001))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void blake3OfPieces(int unitsPerPiece) {
    int piece = Math.toIntExact(unitsPerPiece * Blake3.PIECE_UNIT);
    for (int length : new int[] {piece + 1, 2 * piece, 2 * piece + 5, LONGEST}) {
      if (length > LONGEST || length <= piece) {
        continue;
      }
      int number = (length + piece - 1) / piece;
      int[] pieces = new int[Blake3Compression.CV * number];
      Blake3 function = new Blake3();
      for (int i = number - 1; i >= 0; i--) {
        function.startPiece((long) i * piece);
        function.update(INPUT, i * piece, Math.min(piece, length - i * piece));
        function.endPiece(pieces, Blake3Compression.CV * i);
      }
      assertThat(hex(Blake3.root(pieces)))
          .as("%d bytes in %d pieces", length, number)
          .isEqualTo(hex(Algorithm.BLAKE3.reference(Arrays.copyOf(INPUT, length))));
    }
  }

  @Test
  void aPieceForgetsWhatCameBefore() {
    Blake3 function = new Blake3();
    function.update(INPUT, 0, 300_000);
    function.startPiece(0);
    function.update(INPUT, 0, 10);
    assertThat(hex(function.digest()))
        .isEqualTo(hex(Algorithm.BLAKE3.reference(Arrays.copyOf(INPUT, 10))));
  }
}
