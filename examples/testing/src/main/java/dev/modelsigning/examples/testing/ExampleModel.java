package dev.modelsigning.examples.testing;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model that was signed with a key made for it.
 *
 * @param directory where it is
 * @param signature the file with its signature
 * @param publicKey the file with the key that verifies it
 */
public record ExampleModel(Path directory, Path signature, Path publicKey) {

  /**
   * Writes and signs a model.
   *
   * @param parent a directory for it, its signature and the keys
   * @param files the content of each file by its name
   */
  public static ExampleModel signed(Path parent, Map<String, byte[]> files)
      throws IOException, SigningException {
    ExampleModel model =
        new ExampleModel(
            Files.createDirectory(parent.resolve("model")),
            parent.resolve("model.sig"),
            parent.resolve("key.pub"));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(model.directory.resolve(file.getKey()), file.getValue());
    }
    Path privateKey = parent.resolve("key.pem");
    KeyPairFiles.generate(EcdsaScheme.P256, privateKey, model.publicKey);
    ModelSigner.using(KeySigner.load(privateKey)).sign(model.directory, model.signature);
    return model;
  }

  /**
   * Writes and signs all-MiniLM-L6-v2, quantized: 23 MB as {@code model.onnx}, which makes 384
   * numbers of a text, and {@code tokenizer.json}.
   *
   * @param parent a directory for it, its signature and the keys
   */
  public static ExampleModel miniLm(Path parent) throws IOException, SigningException {
    return signed(
        parent,
        Map.of(
            "model.onnx", resource("/all-minilm-l6-v2-q.onnx"),
            "tokenizer.json", resource("/all-minilm-l6-v2-q-tokenizer.json")));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ExampleModel.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name + " is not on the class path");
      }
      return in.readAllBytes();
    }
  }

  /** What the examples take: the model, its signature and the key. */
  public String[] arguments() {
    return new String[] {directory.toString(), signature.toString(), publicKey.toString()};
  }

  /** Verifies it as the examples do. */
  public VerifiedModel verified()
      throws IOException, MalformedBundleException, UnusableTrustException, VerificationException {
    return ModelVerifier.using(KeyVerifier.load(publicKey)).verify(directory, signature);
  }

  /** Changes one bit in the middle of a file. */
  public void flip(String name) throws IOException {
    Path file = directory.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
