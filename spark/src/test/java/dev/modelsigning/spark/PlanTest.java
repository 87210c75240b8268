package dev.modelsigning.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.spark.Storage.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How chunks are divided among tasks. */
class PlanTest {

  private static final long GIB = 1L << 30;

  private static List<Chunk> chunks(LongStream sizes) {
    List<Chunk> chunks = new ArrayList<>();
    sizes.forEach(size ->
        chunks.add(
            new Chunk(chunks.size(), "f" + chunks.size(), new Look(size, 0, 0, "", ""), 0, size)));
    return chunks;
  }

  private static long bytes(List<Chunk> task) {
    return task.stream().mapToLong(chunk -> chunk.to() - chunk.from()).sum();
  }

  @Test
  void eachChunkIsInOneTask() {
    List<Chunk> chunks = chunks(LongStream.range(0, 1000).map(i -> i * i * 1000));
    assertThat(Plan.of(chunks, 4).stream().flatMap(List::stream).map(Chunk::number))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void aTaskHasAtLeastAQuarterOfAGigabyteIfThatKeepsAllCoresBusy() {
    List<List<Chunk>> tasks = Plan.of(chunks(LongStream.generate(() -> 1 << 24).limit(640)), 2);
    assertThat(tasks).hasSizeBetween(32, 46);
    assertThat(Plan.of(chunks(LongStream.of(10, 10, 10)), 8)).hasSize(1);
    assertThat(Plan.of(chunks(LongStream.generate(() -> 1 << 24).limit(8)), 4)).hasSize(4);
  }

  @Test
  void thereAreAFewTasksForEachCoreHoweverMuchThereIs() {
    List<List<Chunk>> tasks = Plan.of(chunks(LongStream.generate(() -> GIB).limit(10_000)), 8);
    assertThat(tasks).hasSize(128);
    assertThat(bytes(tasks.get(0))).isBetween(78 * GIB, 79 * GIB);
    assertThat(bytes(tasks.get(127))).isBetween(78 * GIB, 79 * GIB);
  }

  @Test
  void theLongestChunkIsBegunFirstAndAlone() {
    List<Chunk> skewed =
        chunks(
            LongStream.concat(
                LongStream.generate(() -> 1 << 20).limit(999), LongStream.of(50 * GIB)));
    List<List<Chunk>> tasks = Plan.of(skewed, 8);
    assertThat(tasks.get(0)).extracting(Chunk::number).containsExactly(999);
    assertThat(tasks).allSatisfy(task -> assertThat(task).isNotEmpty());
  }

  @Test
  void manyEmptyFilesAreDividedToo() {
    List<List<Chunk>> tasks = Plan.of(chunks(LongStream.generate(() -> 0).limit(10_000)), 4);
    assertThat(tasks).hasSizeGreaterThanOrEqualTo(4);
    assertThat(tasks.get(0)).hasSizeBetween(100, 200);
  }
}
