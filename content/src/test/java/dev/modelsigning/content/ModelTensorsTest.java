package dev.modelsigning.content;

import static dev.modelsigning.content.testing.TestSafetensors.bytes;
import static dev.modelsigning.content.testing.TestSafetensors.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.content.testing.MemoryParts;
import dev.modelsigning.content.testing.TestGguf;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.TensorDifference;
import dev.modelsigning.facts.TensorFormats;
import dev.modelsigning.inspection.ComparisonInputs;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.inspection.ModelComparison;
import dev.modelsigning.manifest.ModelHasher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTensorsTest {

  private static final String NAME = "model.safetensors";
  private static final String HEADER = "{" + bytes("a", 0, 4) + "," + bytes("b", 4, 8) + "}";

  @TempDir private Path directory;

  private static TensorDifference compare(byte[] before, byte[] after) throws IOException {
    return compare(NAME, before, after);
  }

  private static TensorDifference compare(String name, byte[] before, byte[] after)
      throws IOException {
    return ModelTensors.INSTANCE.compare(name, new MemoryParts(before), new MemoryParts(after));
  }

  private static TensorDifference difference(
      long total, List<String> changed, List<String> added, List<String> removed) {
    return new TensorDifference(NAME, Optional.empty(), total, changed, added, removed, false);
  }

  @Test
  void saysWhichTensorsChanged() throws IOException {
    byte[] before = file(HEADER, 8);
    assertThat(compare(before, file(HEADER, new byte[] {0, 0, 0, 0, 0, 0, 0, 1})))
        .isEqualTo(difference(2, List.of("b"), List.of(), List.of()));
    assertThat(compare(before, before)).isEqualTo(difference(2, List.of(), List.of(), List.of()));
  }

  @Test
  void saysWhichCameAndWent() throws IOException {
    byte[] after = file("{" + bytes("c", 0, 4) + "," + bytes("b", 4, 8) + "}", 8);
    assertThat(compare(file(HEADER, 8), after))
        .isEqualTo(difference(2, List.of(), List.of("c"), List.of("a")));
  }

  /** The same bytes are other numbers then. */
  @Test
  void comparesTypeAndShape() throws IOException {
    byte[] before = file(HEADER, 8);
    assertThat(compare(before, file(HEADER.replaceFirst("U8", "I8"), 8)).changed())
        .containsExactly("a");
    assertThat(compare(before, file(HEADER.replaceFirst("\\[4\\]", "[2,2]"), 8)).changed())
        .containsExactly("a");
  }

  @Test
  void takesTensorsForTheSameWhereverTheyAre() throws IOException {
    byte[] before = file(HEADER, new byte[] {1, 1, 1, 1, 2, 2, 2, 2});
    String moved = "{" + bytes("a", 4, 8) + "," + bytes("b", 0, 4) + "}";
    byte[] after = file(moved, new byte[] {2, 2, 2, 2, 1, 1, 1, 1});
    assertThat(compare(before, after)).isEqualTo(difference(2, List.of(), List.of(), List.of()));
  }

  @Test
  void tellsMetadataFromTensors() throws IOException {
    byte[] before = file("{'__metadata__':{'x':'1'}," + HEADER.substring(1), 8);
    byte[] after = file("{'__metadata__':{'x':'2'}," + HEADER.substring(1), 8);
    assertThat(compare(before, after))
        .isEqualTo(
            new TensorDifference(NAME, Optional.empty(), 2, List.of(), List.of(), List.of(), true));
    assertThat(compare(before, before).metadata()).isFalse();
    assertThat(compare(file(HEADER, 8), file(HEADER + "  ", 8)))
        .isEqualTo(difference(2, List.of(), List.of(), List.of()));
  }

  @Test
  void comparesGguf() throws IOException {
    byte[] before = TestGguf.littleEndian().text("x", "y").floats("a", 1, 2).floats("b", 3).file();
    byte[] after = TestGguf.littleEndian().text("x", "y").floats("a", 1, 2).floats("b", 4).file();
    byte[] other = TestGguf.littleEndian().text("x", "z").floats("a", 1, 2).floats("c", 3).file();
    assertThat(compare("m.gguf", before, after))
        .isEqualTo(
            new TensorDifference(
                "m.gguf", Optional.empty(), 2, List.of("b"), List.of(), List.of(), false));
    assertThat(compare("m.gguf", before, other))
        .isEqualTo(
            new TensorDifference(
                "m.gguf", Optional.empty(), 2, List.of(), List.of("c"), List.of("b"), true));
  }

  /** Also where the first difference lies behind what is read at once. */
  @Test
  void comparesLargeTensorsToTheirEnd() throws IOException {
    int size = 3 * 512 * 1024 + 17;
    String header = "{" + bytes("a", 0, size) + "}";
    byte[] data = new byte[size];
    byte[] before = file(header, data);
    for (int at : new int[] {0, 512 * 1024 - 1, 512 * 1024, size - 1}) {
      byte[] after = file(header, data);
      after[after.length - size + at] = 1;
      assertThat(compare(before, after).changed()).as("%d", at).containsExactly("a");
    }
  }

  @Test
  void saysThatAHeaderCannotBeRead() throws IOException {
    byte[] good = file(HEADER, 8);
    byte[] bad = file(HEADER, 9);
    assertThat(compare(bad, good).problem().orElseThrow()).startsWith("the older file: expected");
    assertThat(compare(good, bad).problem().orElseThrow()).startsWith("the newer file: expected");
    assertThat(compare(good, bad).isSame()).isFalse();
  }

  // --- two models

  private Path model(String name, byte[] tensors) throws IOException {
    Path model = Files.createDirectories(directory.resolve(name).resolve("deep")).getParent();
    Files.write(model.resolve("deep/x.safetensors"), tensors);
    Files.writeString(model.resolve("config.json"), name);
    return model;
  }

  private static ModelComparison compared(Path before, Path after) throws Exception {
    return ComparisonInputs.at(before, after)
        .withTensors(ModelTensors.INSTANCE)
        .compare(ModelHasher.builder(), ModelTensorsTest::noBundle);
  }

  private static KeylessClaims noBundle(Object bundle) {
    throw new AssertionError("there is no signature");
  }

  private static List<String> lines(ModelComparison comparison) {
    List<String> lines = new ArrayList<>();
    comparison.writeLines(1, lines::add);
    return lines;
  }

  @Test
  void comparesFilesOfTwoModelsThatChanged() throws Exception {
    Path before = model("before", file(HEADER, 8));
    Path after = model("after", file(HEADER, new byte[] {1, 0, 0, 0, 1, 0, 0, 0}));
    ModelComparison comparison = compared(before, after);
    assertThat(comparison.tensors().orElseThrow())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.file()).isEqualTo("deep/x.safetensors");
          assertThat(one.changed()).containsExactly("a", "b");
        });
    assertThat(lines(comparison))
        .containsSequence(
            "  deep/x.safetensors: 2 of 2 tensors changed",
            "    changed (2):",
            "      a",
            "    ... and 1 more");
    assertThat(lines(compared(before, model("bad", new byte[9]))))
        .contains(
            "  deep/x.safetensors: tensors not compared: the newer file: expected a header that"
                + " begins with {");
    assertThat(lines(compared(before, model("padded", file(HEADER + " ", 8)))))
        .contains(
            "  deep/x.safetensors: no tensor changed; their order or what lies between them did");
  }

  @Test
  void readsNoFileThatDidNotChange() throws Exception {
    Path before = model("before", new byte[9]);
    assertThat(compared(before, model("after", new byte[9])).tensors()).contains(List.of());
  }

  /** What is said of tensors must be said of the files that were hashed. */
  @Test
  void refusesAFileThatChangesBehindItsDigest() throws Exception {
    Path before = model("before", file(HEADER, 8));
    Path after = model("after", file(HEADER, new byte[] {1, 0, 0, 0, 1, 0, 0, 0}));
    Path changing = after.resolve("deep/x.safetensors");
    ComparisonInputs inputs =
        ComparisonInputs.at(before, after).withTensors(new ChangingTensors(changing));
    assertThatThrownBy(() -> inputs.compare(ModelHasher.builder(), ModelTensorsTest::noBundle))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(changing.toString())
        .hasMessageContaining("modification time");
  }

  /** Changes a file while its tensors are compared. */
  private record ChangingTensors(Path file) implements TensorFormats {
    @Override
    public boolean knows(String name) {
      return ModelTensors.INSTANCE.knows(name);
    }

    @Override
    public TensorDifference compare(String name, FileParts before, FileParts after)
        throws IOException {
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
      return ModelTensors.INSTANCE.compare(name, before, after);
    }
  }
}
