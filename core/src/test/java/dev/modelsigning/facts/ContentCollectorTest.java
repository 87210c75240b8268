package dev.modelsigning.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.facts.RunnableContent.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which facts are kept, and which are only counted. */
class ContentCollectorTest {

  private final ContentCollector collector =
      new ContentCollector((name, size, start) -> Optional.empty());

  private static FileFacts facts(String file, boolean unusual, List<String> names) {
    return new FileFacts(
        List.of(new RunnableContent(file, Optional.empty(), Kind.PICKLE, names, 0, unusual)),
        List.of(),
        List.of());
  }

  @Test
  void dropsFactsOfFilesThatAreNotWhatWasSigned() {
    collector.add("a", facts("a", true, List.of("os.system")));
    collector.add("b", facts("b", true, List.of("os.system")));
    assertThat(collector.facts("a"::equals).runnable())
        .extracting(RunnableContent::file)
        .containsExactly("a");
    assertThat(collector.facts(name -> false).moreRunnable()).isZero();
  }

  @Test
  void refusesToBeToldTwice() {
    collector.add("a", facts("a", true, List.of()));
    assertThatThrownBy(() -> collector.add("a", facts("a", true, List.of())))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Thousands of harmless files must not replace the unusual one in the report. */
  @Test
  void keepsRoomForWhatIsUnusual() {
    for (int i = 0; i < ContentCollector.MAX_FACTS; i++) {
      collector.add("a" + i, facts("a" + i, false, List.of()));
    }
    collector.add("z", facts("z", true, List.of("os.system")));
    ContentFacts all = collector.facts(name -> true);
    assertThat(all.runnable()).filteredOn(RunnableContent::unusual).hasSize(1);
    assertThat(all.runnable()).hasSize(ContentCollector.MAX_FACTS / 2 + 1);
    assertThat(all.moreRunnable()).isEqualTo(ContentCollector.MAX_FACTS / 2);
  }

  @Test
  void boundsTheNumberOfFacts() {
    for (int i = 0; i < ContentCollector.MAX_FACTS + 7; i++) {
      collector.add("a" + i, facts("a" + i, true, List.of()));
    }
    ContentFacts all = collector.facts(name -> true);
    assertThat(all.runnable()).hasSize(ContentCollector.MAX_FACTS);
    assertThat(all.moreRunnable()).isEqualTo(7);
  }

  /** A hundred names of 300 characters in each of a hundred parts of each file. */
  @Test
  void boundsTheTextOfFacts() {
    List<String> names =
        Collections.nCopies(RunnableContent.MAX_NAMES, "n".repeat(RunnableContent.MAX_NAME_LENGTH));
    int files = 2 * ContentCollector.MAX_TEXT / (100 * 300);
    for (int i = 0; i < files; i++) {
      collector.add("a" + i, facts("a" + i, true, names));
    }
    ContentFacts all = collector.facts(name -> true);
    assertThat(all.runnable().size() * 30_000L).isLessThanOrEqualTo(ContentCollector.MAX_TEXT);
    assertThat(all.runnable().size() + all.moreRunnable()).isEqualTo(files);
  }
}
