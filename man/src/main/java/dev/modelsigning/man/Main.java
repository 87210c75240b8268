package dev.modelsigning.man;

import dev.modelsigning.cli.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the manual pages and the completions for packages. */
public final class Main {

  private static final Map<String, String> COMPLETIONS =
      Map.of("bash", "model-signing.bash", "zsh", "_model-signing", "fish", "model-signing.fish");

  private Main() {}

  /**
   * Writes {@code man1} and {@code completions}, in place of those that are there.
   *
   * @param args the directory, the version of the program, and the time that the pages are of, in
   *     ISO 8601 with an offset; the same three make the same bytes
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException("expected DIRECTORY VERSION TIME");
    }
    write(Path.of(args[0]), new Edition(args[1], date(args[2])));
  }

  private static String date(String time) {
    return OffsetDateTime.parse(time)
        .withOffsetSameInstant(ZoneOffset.UTC)
        .toLocalDate()
        .toString();
  }

  private static void write(Path directory, Edition edition) throws IOException {
    Path pages = empty(directory.resolve("man1"));
    for (Page page : Page.all(Reference.commands())) {
      Files.writeString(pages.resolve(page.name() + ".1"), ManualPage.of(page, edition));
    }
    Path completions = empty(directory.resolve("completions"));
    for (String shell : Reference.SHELLS) {
      String name = COMPLETIONS.get(shell);
      if (name == null) {
        throw new IllegalStateException("no file for completions of the shell " + shell);
      }
      Files.writeString(completions.resolve(name), Reference.completion(shell));
    }
  }

  /** A directory without files of an earlier build, such as pages of removed commands. */
  private static Path empty(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<Path> old;
    try (Stream<Path> files = Files.list(directory)) {
      old = files.toList();
    }
    for (Path file : old) {
      Files.delete(file);
    }
    return directory;
  }
}
