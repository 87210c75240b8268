package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line that a build ends with. */
class TestCountsTest {

  @TempDir Path directory;

  private String summary() throws IOException {
    return Files.readString(directory.resolve("summary"));
  }

  @Test
  void addsWhatAllJvmsOfABuildHaveCounted() throws Exception {
    TestCounts first = new TestCounts();
    for (int i = 0; i < 1200; i++) {
      first.succeeded();
    }
    first.skipped(2, "needs a token");
    first.skipped(1, "needs ../shared/vectors\nand a second line");
    first.ended();
    TestCounts second = new TestCounts();
    second.skipped(8, "needs ../shared/vectors");
    second.ended();

    TestCounts.ofAStart().addTo(directory);
    first.addTo(directory);
    TestCounts.ofAStart().addTo(directory);
    second.addTo(directory);

    assertThat(summary())
        .isEqualTo("tests: 1,200 ran, 11 skipped (9: needs ../shared/vectors; 2: needs a token)\n");
  }

  @Test
  void namesFailuresAndJvmsThatDidNotEnd() throws Exception {
    TestCounts counts = new TestCounts();
    counts.succeeded();
    counts.failed();

    TestCounts.ofAStart().addTo(directory);
    counts.addTo(directory);

    assertThat(summary())
        .isEqualTo(
            "tests: 2 ran and 1 of them failed, 0 skipped, and 1 of 1 JVMs with tests did not"
                + " end\n");
  }
}
