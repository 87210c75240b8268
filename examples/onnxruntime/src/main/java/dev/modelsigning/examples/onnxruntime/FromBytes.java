package dev.modelsigning.examples.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.key.KeyVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** A model in one file: ONNX Runtime is given the very bytes that were verified. */
public final class FromBytes {

  private static final int LENGTH = 64;

  private FromBytes() {}

  /** Takes the directory of a model, its signature and the public key of its signer. */
  public static void main(String[] arguments) throws Exception {
    VerifiedModel verified =
        ModelVerifier.using(KeyVerifier.load(Path.of(arguments[2])))
            .verify(Path.of(arguments[0]), Path.of(arguments[1]));
    try (OrtSession session = load(verified)) {
      System.out.println("y = " + Arrays.toString(run(session, new float[LENGTH])));
    }
  }

  static OrtSession load(VerifiedModel verified)
      throws IOException, ModelMismatchException, OrtException {
    byte[] model = verified.readAllBytes("model.onnx");
    // A model can name other files, which the runtime would read from the current directory.
    Path noFiles = Files.createTempDirectory("no-files");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", noFiles.toString());
      return OrtEnvironment.getEnvironment().createSession(model, options);
    } finally {
      Files.delete(noFiles);
    }
  }

  static float[] run(OrtSession session, float[] x) throws OrtException {
    try (OnnxTensor input = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), x);
        OrtSession.Result result = session.run(Map.of("x", input))) {
      return (float[]) result.get(0).getValue();
    }
  }
}
