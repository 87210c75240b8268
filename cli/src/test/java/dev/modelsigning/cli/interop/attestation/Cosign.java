package dev.modelsigning.cli.interop.attestation;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.testing.OciTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line of cosign, which asks no service but those that it is told to. */
public final class Cosign {

  /** What cosign says when it verified a bundle. */
  public static final String VERIFIED = "Verified OK";

  private final Path home;

  private Cosign(Path home) {
    this.home = home;
  }

  /** With what it keeps in a directory of its own. */
  public static Cosign at(Path home) throws IOException {
    return new Cosign(Files.createDirectories(home));
  }

  /** Whether to run tests with it: if it is installed, or required. */
  public static boolean isThere() {
    return Files.isExecutable(OciTools.cosignProgram())
        || System.getenv("MODEL_SIGNING_COSIGN") != null
        || "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_COSIGN"));
  }

  /** Runs a command. */
  public Client.Outcome run(String... arguments) throws IOException, InterruptedException {
    // An address that nobody has in place of the public instance: nothing here may need it.
    Map<String, String> environment =
        Map.of(
            "HOME",
            home.toString(),
            "TUF_ROOT",
            home.resolve("tuf").toString(),
            "TUF_MIRROR",
            "http://localhost:1",
            "COSIGN_PASSWORD",
            "");
    return new Client(List.of(OciTools.cosignProgram().toString()), environment, "")
        .run(home, arguments);
  }

  /** Verifies a bundle that holds a statement. */
  public Client.Outcome verify(Path bundle, String type, String digest, String... trust)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "verify-blob-attestation",
                "--bundle",
                bundle.toString(),
                "--type",
                type,
                "--digest",
                digest,
                "--digestAlg",
                "sha256"));
    arguments.addAll(List.of(trust));
    return run(arguments.toArray(new String[0]));
  }

  /**
   * The options to trust a public key, with neither a log nor time stamps. cosign takes SHA-256
   * unless it is told to take the hash that belongs to the curve (OMS 4.2).
   */
  static String[] key(Path publicKey, String curve) {
    String hash =
        switch (curve) {
          case "P-384" -> "sha384";
          case "P-521" -> "sha512";
          default -> "sha256";
        };
    return new String[] {
      "--key", publicKey.toString(), "--signature-digest-algorithm", hash, "--insecure-ignore-tlog"
    };
  }

  /** Encrypts a private key as cosign wants it, without a password. */
  Path importKey(Path privateKey) throws IOException, InterruptedException {
    String name = privateKey.getFileName() + "-imported";
    run(
            "import-key-pair",
            "--yes",
            "--key",
            privateKey.toString(),
            "--output-key-prefix",
            home.resolve(name).toString())
        .succeeds();
    return home.resolve(name + ".key");
  }

  /** Signs, without a service, what is said by the options, and writes a bundle. */
  Path sign(Path key, Path bundle, String command, String... options)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--key",
                key.toString(),
                "--use-signing-config=false",
                "--tlog-upload=false",
                "--yes",
                "--bundle",
                bundle.toString()));
    arguments.addAll(List.of(options));
    run(arguments.toArray(new String[0])).succeeds();
    return bundle;
  }
}
