package dev.modelsigning.cli.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each link in a document of this project leads to a file that is there, and to a heading in it.
 */
class LinksTest {

  private static final Path ROOT =
      Path.of(System.getProperty("modelsigning.root")).toAbsolutePath().normalize();

  /** What builds and tools write, and no document of ours. */
  private static final Set<String> SKIPPED = Set.of("target", ".git", ".cache", "node_modules");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *#*$");

  static List<Path> documents() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes about) {
            return SKIPPED.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
            if (file.toString().endsWith(".md")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private static List<String> links(Path document) throws IOException {
    String text = FENCED.matcher(Files.readString(document)).replaceAll("");
    List<String> found = new ArrayList<>();
    // A link may be in a name that is code, and never within one.
    Matcher link = LINK.matcher(CODE.matcher(text).replaceAll("code"));
    while (link.find()) {
      found.add(link.group(1));
    }
    return found;
  }

  /** What GitHub makes of headings. */
  private static Set<String> anchors(Path document) throws IOException {
    String text = FENCED.matcher(Files.readString(document)).replaceAll("");
    Map<String, Integer> found = new HashMap<>();
    Matcher heading = HEADING.matcher(text);
    while (heading.find()) {
      String anchor = anchor(heading.group(1));
      Integer before = found.putIfAbsent(anchor, 1);
      if (before != null) {
        found.put(anchor, before + 1);
        found.put(anchor + "-" + before, 1);
      }
    }
    return found.keySet();
  }

  private static String anchor(String heading) {
    return heading
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
        .replace(' ', '-');
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadSomewhere(Path document) throws Exception {
    for (String link : links(document)) {
      if (link.matches("[a-z]+:.*")) {
        assertThat(link).as("in %s", document).startsWith("https://");
        continue;
      }
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
      assertThat(target).as("%s in %s", link, document).startsWith(ROOT).exists();
      if (parts.length == 2) {
        assertThat(anchors(target)).as("%s in %s", link, document).contains(parts[1]);
      }
    }
  }

  @Test
  void findsTheDocuments() throws Exception {
    assertThat(documents())
        .contains(ROOT.resolve("README.md"), ROOT.resolve("docs/tutorial.zh-TW.md"))
        .hasSizeGreaterThan(30);
    assertThat(links(ROOT.resolve("README.md"))).contains("docs/tutorial.md", "#in-java");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What works with whom | what-works-with-whom",
        "Findings of keys on tokens (`model-signing-pkcs11`) | findings-of-keys-on-tokens-model-signing-pkcs11",
        "How to ... | how-to-",
        "看看結果：三層結構 | 看看結果三層結構"
      })
  void knowsAnchors(String heading, String anchor) {
    assertThat(anchor(heading)).isEqualTo(anchor);
  }
}
