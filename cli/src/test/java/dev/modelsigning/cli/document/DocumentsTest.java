package dev.modelsigning.cli.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedStep;
import dev.modelsigning.cli.testing.ShownOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the documents as a whole, besides that their commands are run. */
class DocumentsTest {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root"));

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");

  /** The page has to say so; the word is that of its language. */
  private static final Pattern NOT_RUN = Pattern.compile("(?i)not run|no test|未執行");

  static List<Path> pages() throws Exception {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  @Test
  void readmeIsAnInvitation() throws Exception {
    assertThat(DocumentModel.read("README.md").lines().count()).isLessThanOrEqualTo(150);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void readmeNamesEachPage(Path page) throws Exception {
    assertThat(DocumentModel.read("README.md")).contains("(docs/" + page.getFileName() + ")");
  }

  /**
   * Commands, outputs and tables of names are the same; only what is said is in another language.
   */
  @Test
  void tutorialsHaveTheSameCommandsAndOutputs() throws Exception {
    List<String> english = blocks("docs/tutorial.md");
    assertThat(english).hasSizeGreaterThan(15);
    assertThat(blocks("docs/tutorial.zh-TW.md")).isEqualTo(english);
    assertThat(headings("docs/tutorial.zh-TW.md")).isEqualTo(headings("docs/tutorial.md"));
  }

  private static List<String> blocks(String file) throws Exception {
    return FENCED.matcher(DocumentModel.read(file)).results().map(found -> found.group()).toList();
  }

  private static List<String> headings(String file) throws Exception {
    return FENCED
        .matcher(DocumentModel.read(file))
        .replaceAll("")
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceAll("[^#].*", ""))
        .toList();
  }

  /** The picture of the layers has the digests that the tutorial shows. */
  @ParameterizedTest
  @ValueSource(strings = {"layers.svg", "layers.zh-TW.svg"})
  void pictureHasTheDigestsOfTheTutorial(String picture) throws Exception {
    Matcher digest =
        Pattern.compile("\\b([0-9a-f]{8})…").matcher(DocumentModel.read("docs/images/" + picture));
    String tutorial = DocumentModel.read("docs/tutorial.md");
    int found = 0;
    while (digest.find()) {
      found++;
      assertThat(tutorial).contains(digest.group(1));
    }
    assertThat(found).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void saysWhichCommandsWereNotRun(Path page) throws Exception {
    String text = Files.readString(page);
    Matcher block = Pattern.compile("(?m)^```sh not-run$").matcher(text);
    while (block.find()) {
      String around =
          text.substring(
              Math.max(0, block.start() - 400), Math.min(text.length(), block.end() + 400));
      assertThat(NOT_RUN.matcher(around).find()).as("%s: %s", page, around).isTrue();
    }
  }

  /** A mark that is misspelt would take commands out of what is run. */
  @ParameterizedTest
  @MethodSource("pages")
  void marksCommandsWithAWordThatIsKnown(Path page) throws Exception {
    Matcher fence = Pattern.compile("(?m)^```sh\\b(.*)$").matcher(Files.readString(page));
    while (fence.find()) {
      assertThat(fence.group(1))
          .as("%s", page)
          .isIn("", " refused", " not-run", " gate", " packages");
    }
  }

  /** A page with commands that are run is the matter of a test, which names it. */
  @ParameterizedTest
  @MethodSource("pages")
  void someTestRunsThePage(Path page) throws Exception {
    if (!Pattern.compile("(?m)^```sh(| refused)$").matcher(Files.readString(page)).find()) {
      return;
    }
    Pattern name = Pattern.compile("[\"/]" + Pattern.quote(page.getFileName().toString()) + "\"");
    List<String> tests = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("cli/src/test/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("IT.java")).toList()) {
        if (name.matcher(Files.readString(file)).find()) {
          tests.add(file.getFileName().toString());
        }
      }
    }
    assertThat(tests).as("tests that run %s", page).isNotEmpty();
  }

  /** The table of {@code docs/speed.md} is a choice from the results, to the letter. */
  @Test
  void figuresAreThoseOfTheResults() throws Exception {
    String results = DocumentModel.read("bench/results/results.md");
    List<String> rows =
        DocumentModel.read("docs/speed.md")
            .lines()
            .dropWhile(line -> !line.startsWith("| work"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows).hasSize(8);
    for (String row : rows) {
      Matcher figure = Pattern.compile("\\d+(?:\\.\\d+)? (?:s|ms|MB)(?![a-z])").matcher(row);
      int figures = 0;
      while (figure.find()) {
        figures++;
        assertThat(results).as(row).contains(" " + figure.group() + " (");
      }
      assertThat(figures).as(row).isEqualTo(2);
    }
  }

  @Test
  void findsTheStepsOfAPage() {
    String page =
        """
        ```sh
        one
        ```

        ```text
        1
        ```

        ```sh refused
        two
        ```

        text

        ```text
        not of two
        ```

        ```sh not-run
        three
        ```
        """;
    List<DocumentedStep> steps = DocumentedStep.in(page);
    assertThat(steps).hasSize(2);
    assertThat(steps.get(0).shown()).hasValue("1\n");
    assertThat(steps.get(0).refused()).isFalse();
    assertThat(steps.get(1).shown()).isEmpty();
    assertThat(steps.get(1).refused()).isTrue();
  }

  /** What is compared with care would be worth nothing if everything passed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nserial 00112233445566778899\nb\nserial 00112233445566778800\n",
        "a\nserial none\nb\nserial none\n",
        "a\nb\n",
        "a\nserial 00112233445566778899\nb\nserial 00112233445566778899\nand more\n",
        "warning\na\nserial 00112233445566778899\nb\nserial 00112233445566778899\n"
      })
  void noticesOtherOutput(String printed) {
    String shown = "a\nserial AABBCCDDEEFF00112233\n  ...\nserial AABBCCDDEEFF00112233\n";
    ShownOutput output = new ShownOutput();
    assertThatThrownBy(() -> output.requireShown(shown, printed))
        .isInstanceOf(AssertionError.class);
    new ShownOutput()
        .requireShown(shown, "a\nserial 00112233445566778899\nb\nserial 00112233445566778899\n");
  }

  @Test
  void takesAnEmptyBlockForNoOutput() {
    new ShownOutput().requireShown("", "");
    assertThatThrownBy(() -> new ShownOutput().requireShown("", "a"))
        .isInstanceOf(AssertionError.class);
  }
}
