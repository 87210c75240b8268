package dev.modelsigning.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which changes of files are noticed. */
class ContentsTest {

  @TempDir private Path directory;

  private Path file;
  private Path keys;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("policy"), "1");
    keys = Files.createDirectory(directory.resolve("keys"));
    Files.writeString(keys.resolve("a.pub"), "a");
    Files.writeString(keys.resolve("b.pub"), "b");
  }

  private String now() {
    return Contents.of(List.of(file, keys));
  }

  /** Something that is done to files. */
  private interface Change {
    void make() throws IOException;
  }

  private void noticesEach(Change... changes) throws IOException {
    List<String> states = new ArrayList<>(List.of(now()));
    for (Change change : changes) {
      change.make();
      states.add(now());
    }
    assertThat(states).doesNotHaveDuplicates();
  }

  @Test
  void staysAsLongAsNothingChanges() throws IOException {
    String before = now();
    Files.writeString(file, "1");
    assertThat(now()).isEqualTo(before);
  }

  @Test
  void noticesWhatBecomesOfAFile() throws IOException {
    noticesEach(
        () -> Files.writeString(file, "2"),
        () -> Files.delete(file),
        () -> Files.createDirectory(file));
  }

  /** Keys of a signer may be a directory: one that is removed must not go on to count. */
  @Test
  void noticesWhatBecomesOfTheFilesOfADirectory() throws IOException {
    noticesEach(
        () -> Files.writeString(keys.resolve("c.pub"), "c"),
        () -> Files.delete(keys.resolve("a.pub")),
        () -> Files.writeString(keys.resolve("b.pub"), "B"),
        () -> Files.move(keys.resolve("b.pub"), keys.resolve("d.pub")),
        () -> Files.delete(keys.resolve("c.pub")),
        () -> Files.delete(keys.resolve("d.pub")),
        () -> Files.delete(keys));
  }

  /** As a volume of Kubernetes is changed. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "symbolic links need a privilege")
  void noticesWhereLinksLead() throws IOException {
    Path old = Files.createDirectory(directory.resolve("old"));
    Path next = Files.createDirectory(directory.resolve("next"));
    Files.writeString(old.resolve("c.pub"), "c");
    Files.writeString(next.resolve("c.pub"), "C");
    Path data = keys.resolve("..data");
    Files.createSymbolicLink(data, old);
    Files.createSymbolicLink(keys.resolve("c.pub"), Path.of("..data/c.pub"));
    noticesEach(() -> {
      Files.delete(data);
      Files.createSymbolicLink(data, next);
    });
  }
}
