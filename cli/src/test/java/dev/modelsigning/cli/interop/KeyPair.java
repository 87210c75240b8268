package dev.modelsigning.cli.interop;

import java.io.IOException;
import java.nio.file.Path;

/** The files of a key pair. */
public record KeyPair(Path privateKey, Path publicKey) {

  /** A new pair, made by our command line. */
  public static KeyPair generate(Path directory, String curve)
      throws IOException, InterruptedException {
    KeyPair keys =
        new KeyPair(directory.resolve(curve + ".pem"), directory.resolve(curve + ".pub"));
    Client.java()
        .run(
            directory,
            "generate-key",
            "--curve=" + curve,
            "--private-key=" + keys.privateKey,
            "--public-key=" + keys.publicKey)
        .succeeds();
    return keys;
  }
}
