package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageGraphTest {

  private static final String HEADING =
      "| in `one.of.ours` | may use | what it is |\n|---|---|---|\n";

  @TempDir private Path directory;

  private PackageGraph read(String text) throws IOException {
    return PackageGraph.read(
        Files.writeString(directory.resolve("ARCHITECTURE.md"), text), "one.of.ours");
  }

  @Test
  void readsTheTableOfTheModuleThatIsAskedFor() throws IOException {
    String other =
        "| in `one.of` | may use | what it is |\n|---|---|---|\n| `x` | nothing | x |\n\n";
    String table =
        "| `internal.low` | nothing | a |\n| root | low | b |\n| `high` | root, low | c |\n\n| `y` |";
    assertThat(read(other + HEADING + table).uses())
        .containsExactly(
            Map.entry("internal.low", Set.of()),
            Map.entry("root", Set.of("internal.low")),
            Map.entry("high", Set.of("internal.low", "root")));
  }

  @Test
  void refusesATableThatIsAbsentOrDamaged() {
    assertThatThrownBy(() -> read("| in `one.of` | may use | what it is |\n"))
        .hasMessageContaining("expected a table under");
    assertThatThrownBy(() -> read(HEADING + "| `a` | nothing | x |\n| `a` | nothing | x |\n"))
        .hasMessageContaining("stands twice");
    assertThatThrownBy(() -> read(HEADING + "| `a` | b | x |\n"))
        .hasMessageContaining("expected one package 'b' in the table, found []");
    assertThatThrownBy(() ->
            read(HEADING + "| `b` | nothing | x |\n| `internal.b` | nothing | |\n| `a` | b | |\n"))
        .hasMessageContaining("expected one package 'b' in the table, found [b, internal.b]");
  }

  @Test
  void findsEdgesAgainstTheOrder() throws IOException {
    PackageGraph graph = read(HEADING + "| `a` | b | |\n| `b` | a | |\n| `c` | c, a | |\n");
    assertThat(graph.edgesAgainstTheOrder()).containsExactly("a -> b", "c -> c");
  }

  @Test
  void findsEveryEdgeBetweenClasses() {
    JavaClasses classes = new ClassFileImporter().importClasses(PackageGraphTest.class);
    assertThat(PackageGraph.of(classes, "dev.modelsigning").uses())
        .containsExactly(Map.entry("testing", Set.of()));
    assertThat(PackageGraph.of(classes, "dev.modelsigning.testing").uses())
        .containsExactly(Map.entry("root", Set.of()));
    assertThat(
            PackageGraph.of(new ClassFileImporter().importClasses(Forge.class), "dev.modelsigning")
                .uses()
                .get("testing"))
        .contains("bundle", "key");
  }
}
