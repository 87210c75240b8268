package dev.modelsigning.cli.testing;

import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.GeneralName;

/** What the pages below {@code docs} take for granted: a model, keys, certificates. */
public final class DocumentModel {

  private static final String AUTHORITY = "https://tsa.example/api/v1/timestamp";

  private DocumentModel() {}

  /** Writes {@code my-model}, three files. */
  public static Path write(Path directory) throws IOException {
    return Models.write(
        directory.resolve("my-model"),
        "config.json",
        "{\"hidden_size\": 384}\n",
        "tokenizer.json",
        "{\"version\": \"1.0\"}\n",
        "weights.bin",
        "the weights of a small model\n");
  }

  /** Adds to {@code my-model}, and writes {@code new-model}, which differs in every way. */
  public static void writeTwoVersions(Path directory) throws IOException {
    Models.write(
        directory.resolve("my-model"),
        "README.md",
        "# My model\n",
        "onnx/model.onnx",
        "the same model for another program\n",
        "vocab.txt",
        "a\nb\n");
    Models.write(
        directory.resolve("new-model"),
        "config.json",
        "{\"hidden_size\": 768}\n",
        "generation_config.json",
        "{\"max_length\": 20}\n",
        "onnx/model.onnx",
        "the same model for another program\n",
        "tokenizer-v2.json",
        "{\"version\": \"1.0\"}\n",
        "vocab.txt",
        "a\nb\n",
        "weights.bin",
        "the weights of a small model\n");
  }

  /** Writes {@code key.pem} and {@code key.pub}. */
  public static void writeKeys(Path directory) throws IOException {
    TestCertificate keys = TestCertificate.root("CN=Not used");
    keys.writeKey(directory.resolve("key.pem"));
    keys.writePublicKey(directory.resolve("key.pub"));
  }

  /**
   * Writes the key {@code key.pem} with its certificate {@code cert.pem}, and the certificates of
   * authorities for signers, {@code ca.pem}, and for time stamps, {@code tsa.pem}.
   *
   * @return a server of the latter
   */
  public static TestTimestampAuthority.Server writeCertificates(Path directory) throws IOException {
    TestCertificate root = TestCertificate.root("CN=Bank Root, O=Bank");
    TestCertificate signer =
        TestCertificate.named("CN=Release Team, O=Bank")
            .signer()
            .names(GeneralName.rfc822Name, "release@bank.example")
            .issuedBy(root);
    signer.writeKey(directory.resolve("key.pem"));
    TestCertificate.write(directory.resolve("cert.pem"), signer);
    TestCertificate.write(directory.resolve("ca.pem"), root);
    return serveTimestamps(directory);
  }

  /** Writes the authority for time stamps, {@code tsa.pem}; returns a server of it. */
  public static TestTimestampAuthority.Server serveTimestamps(Path directory) throws IOException {
    TestCertificate root = TestCertificate.root("CN=Time Stamp Root");
    TestCertificate.write(directory.resolve("tsa.pem"), root);
    return TestTimestampAuthority.below(root).serve();
  }

  /** Has commands ask this server where the pages name another one. */
  public static UnaryOperator<String> asking(TestTimestampAuthority.Server server) {
    return script -> script.replace(AUTHORITY, server.uri().toString());
  }

  /** A file of the checkout. */
  public static String read(String file) throws IOException {
    return Files.readString(Path.of(System.getProperty("modelsigning.root")).resolve(file));
  }
}
