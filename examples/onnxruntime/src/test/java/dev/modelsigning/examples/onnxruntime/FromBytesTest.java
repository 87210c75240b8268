package dev.modelsigning.examples.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
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

/** ONNX Runtime computes with the bytes that were verified, or is not started. */
class FromBytesTest {

  private static final float[] ZEROS = new float[OnnxFile.LENGTH];

  @TempDir private Path directory;

  private ExampleModel model;

  @BeforeEach
  void signAModel() throws Exception {
    model = ExampleModel.signed(directory, Map.of("model.onnx", OnnxFile.adding(3)));
  }

  @Test
  void computes() throws Exception {
    ExampleRun run = ExampleRun.of(directory, FromBytes.class, model.arguments());

    assertThat(run.output()).contains("y = [3.0, 3.0, ");
    assertThat(run.status()).isZero();
    assertThat(run.startedOnnxRuntime()).isTrue();
  }

  @Test
  void refusesAChangedModelBeforeTheRuntimeStarts() throws Exception {
    model.flip("model.onnx");

    ExampleRun run = ExampleRun.of(directory, FromBytes.class, model.arguments());

    assertThat(run.output()).contains(ModelMismatchException.class.getName(), "1 changed");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.startedOnnxRuntime()).isFalse();
  }

  @Test
  void refusesAModelThatIsSwappedAfterItWasVerified() throws Exception {
    VerifiedModel verified = model.verified();
    Files.write(model.directory().resolve("model.onnx"), OnnxFile.adding(7));

    assertThatThrownBy(() -> FromBytes.load(verified))
        .isInstanceOf(ModelMismatchException.class)
        .hasMessageContaining("'model.onnx' is not what was signed");
  }

  @Test
  void computesWithTheOldBytesIfTheFileIsSwappedAfterItWasRead() throws Exception {
    try (OrtSession session = FromBytes.load(model.verified())) {
      Files.write(model.directory().resolve("model.onnx"), OnnxFile.adding(7));

      assertThat(FromBytes.run(session, ZEROS)).startsWith(3, 3);
    }
  }

  /** What the example defends against. If this fails, the runtime has become safer. */
  @Test
  void theRuntimeItselfReadsWhatAModelNamesFromTheCurrentDirectory() throws Exception {
    Files.write(directory.resolve("weights.bin"), OnnxFile.weights(7));

    ExampleRun run = ExampleRun.of(directory, WithoutCare.class);

    assertThat(run.output()).contains("y = 7.0");
  }

  /** Loads a model from bytes, which names a file. */
  static final class WithoutCare {

    public static void main(String[] arguments) throws OrtException {
      byte[] bytes = OnnxFile.withWeightsIn("weights.bin");
      try (OrtSession session = OrtEnvironment.getEnvironment().createSession(bytes)) {
        System.out.println("y = " + FromBytes.run(session, ZEROS)[0]);
      }
    }
  }

  @Test
  void readsNoFileThatTheModelNames() throws Exception {
    Path below = Files.createDirectory(directory.resolve("external"));
    ExampleModel external =
        ExampleModel.signed(
            below,
            Map.of(
                "model.onnx", OnnxFile.withWeightsIn("weights.bin"),
                "weights.bin", OnnxFile.weights(3)));
    Files.write(directory.resolve("weights.bin"), OnnxFile.weights(7));

    ExampleRun run = ExampleRun.of(directory, FromBytes.class, external.arguments());

    assertThat(run.output())
        .contains(OrtException.class.getName(), "External data path does not exist")
        .doesNotContain("y = ");
    assertThat(run.status()).isEqualTo(1);
  }

  /** For models with many tensors in other files: their paths, in a verified copy. */
  @Test
  void readsOtherFilesOfAVerifiedCopy() throws Exception {
    Path below = Files.createDirectory(directory.resolve("external"));
    ExampleModel external =
        ExampleModel.signed(
            below,
            Map.of(
                "model.onnx", OnnxFile.withWeightsIn("weights.bin"),
                "weights.bin", OnnxFile.weights(3)));
    Path copy = directory.resolve("copy");
    external.verified().copyTo(copy);
    Files.write(external.directory().resolve("weights.bin"), OnnxFile.weights(7));

    try (OrtSession session =
        OrtEnvironment.getEnvironment().createSession(copy.resolve("model.onnx").toString())) {
      assertThat(FromBytes.run(session, ZEROS)).startsWith(3, 3);
    }
  }
}
