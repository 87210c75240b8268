package dev.modelsigning.internal.hash;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The hash functions in memory, on one thread: milliseconds for 16 MiB. CONTRIBUTING.md says how to
 * run it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3)
public class HashFunctionBenchmark {

  /** The hash function. */
  @Param({"sha256", "blake2b", "blake3"})
  public String algorithm;

  private final byte[] input = new byte[16 * 1024 * 1024];
  private HashFunction function;

  /** Makes the input. */
  @Setup
  public void setUp() {
    new Random(1).nextBytes(input);
    function =
        switch (algorithm) {
          case "sha256" -> HashFunction.sha256();
          case "blake2b" -> HashFunction.blake2b512();
          case "blake3" -> HashFunction.blake3();
          default -> throw new IllegalArgumentException(algorithm);
        };
  }

  /** The digest of the input. */
  @Benchmark
  public byte[] hash() {
    function.update(input, 0, input.length);
    return function.digest();
  }
}
