package dev.modelsigning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.DocumentedCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The code of {@code docs/loading.md} is that of the examples, which are compiled and run with
 * {@code -Pexamples}.
 */
class LoadingDocumentTest {

  private static final Path ROOT = Path.of(System.getProperty("modelsigning.root", ".."));

  private static final Path DOCUMENT = ROOT.resolve("docs/loading.md");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

  static List<DocumentedCode> all() {
    return DocumentedCode.in(DOCUMENT);
  }

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/"))
          .toList();
    }
  }

  /** Whether the lines of some code stand in a file, one below the other, however far indented. */
  private static boolean has(Path file, String code) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Stream.of("", "  ", "    ", "      ", "        ")
        .anyMatch(margin -> ("\n" + text).contains("\n" + indented(code, margin)));
  }

  private static String indented(String code, String margin) {
    return code.replaceAll("(?m)^(?=.)", margin);
  }

  @ParameterizedTest
  @MethodSource("all")
  void showsWhatAnExampleHas(DocumentedCode code) throws Exception {
    assertThat(examples())
        .as("an example with:\n%s", code.code())
        .anyMatch(file -> has(file, code.code()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FromBytes.java",
        "WithExternalData.java",
        "SentenceEmbedding.java",
        "FromCopy.java",
        "Embedding.java"
      })
  void showsSomethingOfEachExample(String name) throws Exception {
    Path example =
        examples().stream()
            .filter(file -> file.endsWith(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no example " + name));
    assertThat(all())
        .filteredOn(code -> !code.code().contains("KeyVerifier.load"))
        .anyMatch(code -> has(example, code.code()));
  }

  /** That it is found would say little if anything were. */
  @Test
  void noticesCodeThatIsOfNoExample() throws Exception {
    String changed = all().get(1).code().replace("verified.readAllBytes", "Files.readAllBytes");

    assertThat(changed).isNotEqualTo(all().get(1).code());
    assertThat(examples()).noneMatch(file -> has(file, changed));
  }

  @Test
  void linksToWhatIsThere() throws Exception {
    Matcher link = LINK.matcher(Files.readString(DOCUMENT));
    int links = 0;
    while (link.find()) {
      links++;
      assertThat(DOCUMENT.resolveSibling(link.group(1)).normalize()).exists();
    }
    assertThat(links).isGreaterThanOrEqualTo(6);
  }
}
