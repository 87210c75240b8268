package dev.modelsigning.examples.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.examples.testing.ExampleModel;
import dev.modelsigning.examples.testing.ExampleRun;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LangChain4j loads a copy of what was verified, or there is no copy and no engine is started. */
class FromCopyTest {

  @TempDir private Path directory;

  private ExampleModel model;
  private Path copy;

  @BeforeEach
  void signAModel() throws Exception {
    model = ExampleModel.miniLm(directory);
    copy = directory.resolve("copy");
  }

  private ExampleRun run() throws Exception {
    return ExampleRun.of(
        directory,
        FromCopy.class,
        Stream.concat(Arrays.stream(model.arguments()), Stream.of(copy.toString()))
            .toArray(String[]::new));
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void computesWithTheOldBytesIfTheFilesAreSwappedAfterTheyWereCopied() throws Exception {
    OnnxEmbeddingModel loaded = FromCopy.load(model.verified(), copy);
    model.flip("model.onnx");
    model.flip("tokenizer.json");

    float[] king = loaded.embed("the king of France").content().vector();
    assertThat(king).hasSize(384);
    assertThat(product(king, loaded.embed("the queen of England").content().vector()))
        .isGreaterThan(
            0.3 + product(king, loaded.embed("how to repair a gearbox").content().vector()));
    assertThat(copy.resolve("model.onnx")).isRegularFile();
  }

  @Test
  void runs() throws Exception {
    ExampleRun run = run();

    assertThat(run.output()).contains("numbers: 384");
    assertThat(run.status()).isZero();
    assertThat(run.startedOnnxRuntime()).isTrue();
    assertThat(run.startedTokenizers()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "tokenizer.json"})
  void refusesAChangedFileBeforeAnEngineStarts(String name) throws Exception {
    model.flip(name);

    ExampleRun run = run();

    assertThat(run.output()).contains(ModelMismatchException.class.getName(), "1 changed");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.startedOnnxRuntime()).isFalse();
    assertThat(run.startedTokenizers()).isFalse();
    assertThat(copy).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "tokenizer.json"})
  void refusesAFileThatIsSwappedAfterTheModelWasVerified(String name) throws Exception {
    VerifiedModel verified = model.verified();
    model.flip(name);

    assertThatThrownBy(() -> FromCopy.load(verified, copy))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageContaining("1 changed");
    assertThat(copy).doesNotExist();
  }

  @Test
  void refusesAFileThatIsAddedAfterTheModelWasVerified() throws Exception {
    VerifiedModel verified = model.verified();
    Files.writeString(model.directory().resolve("weights.bin"), "added");

    assertThatThrownBy(() -> FromCopy.load(verified, copy))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageContaining("1 not signed");
    assertThat(copy).doesNotExist();
  }

  /** Nothing is opened but the copy: the engine could not open what is in a zip file. */
  @Test
  void loadsAModelFromAZipFile() throws Exception {
    URI zip = URI.create("jar:" + directory.resolve("model.zip").toUri());
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path inside = Files.createDirectory(files.getPath("/model"));
      for (String name : List.of("model.onnx", "tokenizer.json")) {
        Files.move(model.directory().resolve(name), inside.resolve(name));
      }
      ExampleModel zipped = new ExampleModel(inside, model.signature(), model.publicKey());

      OnnxEmbeddingModel loaded = FromCopy.load(zipped.verified(), copy);

      assertThat(loaded.embed("the king of France").content().dimension()).isEqualTo(384);
    }
  }
}
