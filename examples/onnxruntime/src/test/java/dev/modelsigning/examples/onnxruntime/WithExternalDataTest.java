package dev.modelsigning.examples.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.examples.testing.ExampleModel;
import dev.modelsigning.examples.testing.ExampleRun;
import dev.modelsigning.examples.testing.OnnxFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in another file are those that were verified, or the runtime is not started. */
class WithExternalDataTest {

  private static final float[] ZEROS = new float[OnnxFile.LENGTH];

  @TempDir private Path directory;

  private ExampleModel model;

  @BeforeEach
  void signAModel() throws Exception {
    model =
        ExampleModel.signed(
            directory,
            Map.of(
                "model.onnx", OnnxFile.withWeightsIn("weights.bin"),
                "weights.bin", OnnxFile.weights(3)));
  }

  /** A file of the same name in the current directory is not read. */
  @Test
  void computes() throws Exception {
    Files.write(directory.resolve("weights.bin"), OnnxFile.weights(7));

    ExampleRun run = ExampleRun.of(directory, WithExternalData.class, model.arguments());

    assertThat(run.output()).contains("y = [3.0, 3.0, ");
    assertThat(run.status()).isZero();
    assertThat(run.startedOnnxRuntime()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "weights.bin"})
  void refusesAChangedFileBeforeTheRuntimeStarts(String name) throws Exception {
    model.flip(name);

    ExampleRun run = ExampleRun.of(directory, WithExternalData.class, model.arguments());

    assertThat(run.output()).contains(ModelMismatchException.class.getName(), "1 changed");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.startedOnnxRuntime()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "weights.bin"})
  void refusesAFileThatIsSwappedAfterTheModelWasVerified(String name) throws Exception {
    VerifiedModel verified = model.verified();
    model.flip(name);

    assertThatThrownBy(() -> WithExternalData.load(verified))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageContaining("'" + name + "' is not what was signed");
  }

  @Test
  void computesWithTheOldWeightsIfTheyAreSwappedAfterTheyWereRead() throws Exception {
    try (OrtSession session = WithExternalData.load(model.verified())) {
      Files.write(model.directory().resolve("weights.bin"), OnnxFile.weights(7));

      assertThat(FromBytes.run(session, ZEROS)).startsWith(3, 3);
    }
  }

  @Test
  void refusesWeightsThatWereNotSigned() throws Exception {
    ExampleModel alone =
        ExampleModel.signed(
            Files.createDirectory(directory.resolve("alone")),
            Map.of("model.onnx", OnnxFile.withWeightsIn("weights.bin")));
    VerifiedModel verified = alone.verified();
    Files.write(alone.directory().resolve("weights.bin"), OnnxFile.weights(7));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> WithExternalData.load(verified))
        .withMessageContaining("no file of this name was signed: weights.bin");
  }

  /** The session is given one tensor, so what the other one names must not be found. */
  @Test
  void readsNoFileThatTheModelNamesBesides() throws Exception {
    Path below = Files.createDirectory(directory.resolve("two"));
    ExampleModel two =
        ExampleModel.signed(
            below,
            Map.of(
                "model.onnx", OnnxFile.withWeightsIn("weights.bin", "more.bin"),
                "weights.bin", OnnxFile.weights(3),
                "more.bin", OnnxFile.weights(3)));
    Files.write(directory.resolve("more.bin"), OnnxFile.weights(7));

    ExampleRun run = ExampleRun.of(directory, WithExternalData.class, two.arguments());

    assertThat(run.output())
        .contains(OrtException.class.getName(), "External data path does not exist", "more.bin")
        .doesNotContain("y = ");
    assertThat(run.status()).isEqualTo(1);
  }
}
