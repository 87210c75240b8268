package dev.modelsigning.examples.onnxruntime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.key.KeyVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** A model whose weights are in another file: ONNX Runtime is given both as verified bytes. */
public final class WithExternalData {

  private static final int LENGTH = 64;

  private WithExternalData() {}

  /** Takes the directory of a model, its signature and the public key of its signer. */
  public static void main(String[] arguments) throws Exception {
    VerifiedModel verified =
        ModelVerifier.using(KeyVerifier.load(Path.of(arguments[2])))
            .verify(Path.of(arguments[0]), Path.of(arguments[1]));
    try (OrtSession session = load(verified)) {
      System.out.println("y = " + Arrays.toString(FromBytes.run(session, new float[LENGTH])));
    }
  }

  static OrtSession load(VerifiedModel verified)
      throws IOException, ModelMismatchException, OrtException {
    byte[] model = verified.readAllBytes("model.onnx");
    ByteBuffer bytes = ByteBuffer.allocateDirect(LENGTH * Float.BYTES);
    try (SeekableByteChannel channel = verified.open("weights.bin")) {
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
    }
    bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    // What is not given below must not be found either: not in the current directory.
    Path noFiles = Files.createTempDirectory("no-files");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OnnxTensor weights =
            OnnxTensor.createTensor(environment, bytes, new long[] {LENGTH}, OnnxJavaType.FLOAT)) {
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", noFiles.toString());
      options.addExternalInitializers(Map.of("weights", weights)); // the session copies them
      return environment.createSession(model, options);
    } finally {
      Files.delete(noFiles);
    }
  }
}
