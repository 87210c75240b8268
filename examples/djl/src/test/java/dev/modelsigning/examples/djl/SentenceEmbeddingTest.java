package dev.modelsigning.examples.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.MalformedModelException;
import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.examples.testing.ExampleModel;
import dev.modelsigning.examples.testing.ExampleRun;
import dev.modelsigning.examples.testing.OnnxFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DJL computes with the bytes that were verified, or its engine is not started. */
class SentenceEmbeddingTest {

  @TempDir private Path directory;

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void computesWithTheOldBytesIfTheFilesAreSwappedAfterTheyWereRead() throws Exception {
    ExampleModel model = ExampleModel.miniLm(directory);
    try (SentenceEmbedding embedding = new SentenceEmbedding(model.verified())) {
      model.flip("model.onnx");
      model.flip("tokenizer.json");

      float[] king = embedding.of("the king of France");
      assertThat(king).hasSize(384);
      assertThat(product(king, embedding.of("the queen of England")))
          .isGreaterThan(0.3 + product(king, embedding.of("how to repair a gearbox")));
    }
  }

  @Test
  void runs() throws Exception {
    ExampleModel model = ExampleModel.miniLm(directory);

    ExampleRun run = ExampleRun.of(directory, SentenceEmbedding.class, model.arguments());

    assertThat(run.output()).contains("numbers: 384");
    assertThat(run.status()).isZero();
    assertThat(run.startedOnnxRuntime()).isTrue();
    assertThat(run.startedTokenizers()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "tokenizer.json"})
  void refusesAChangedFileBeforeAnEngineStarts(String name) throws Exception {
    ExampleModel model = ExampleModel.miniLm(directory);
    model.flip(name);

    ExampleRun run = ExampleRun.of(directory, SentenceEmbedding.class, model.arguments());

    assertThat(run.output()).contains(ModelMismatchException.class.getName(), "1 changed");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.startedOnnxRuntime()).isFalse();
    assertThat(run.startedTokenizers()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "tokenizer.json"})
  void refusesAFileThatIsSwappedAfterTheModelWasVerified(String name) throws Exception {
    ExampleModel model = ExampleModel.miniLm(directory);
    VerifiedModel verified = model.verified();
    model.flip(name);

    assertThatThrownBy(() -> new SentenceEmbedding(verified))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageContaining("'" + name + "' is not what was signed");
  }

  @Test
  void readsNoFileThatTheModelNames() throws Exception {
    ExampleModel model =
        ExampleModel.signed(
            Files.createDirectory(directory.resolve("external")),
            Map.of(
                "model.onnx", OnnxFile.withWeightsIn("weights.bin"),
                "weights.bin", OnnxFile.weights(3),
                "tokenizer.json", new byte[0]));
    Files.write(directory.resolve("weights.bin"), OnnxFile.weights(7));

    ExampleRun run = ExampleRun.of(directory, SentenceEmbedding.class, model.arguments());

    assertThat(run.output())
        .contains(MalformedModelException.class.getName(), "External data path does not exist");
    assertThat(run.status()).isEqualTo(1);
  }
}
