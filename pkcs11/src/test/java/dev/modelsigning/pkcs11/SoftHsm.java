package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A token in software, with a configuration of its own, so that no token of this machine is
 * touched. It needs no privileges.
 *
 * @param configuration what {@code SOFTHSM2_CONF} has to name
 */
public record SoftHsm(Path configuration) {

  /** The PIN of every token. */
  public static final String PIN = "1234";

  /** Where Debian, Fedora and Homebrew put the module. */
  private static final List<Path> MODULES =
      List.of(
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
          Path.of("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

  /** For {@code EnabledIf}: whether to run tests with SoftHSM, if it is installed, or required. */
  public static boolean isInstalled() {
    return "true".equals(System.getenv("MODEL_SIGNING_REQUIRE_SOFTHSM"))
        || (MODULES.stream().anyMatch(Files::isRegularFile)
            && isOnPath("softhsm2-util")
            && isOnPath("pkcs11-tool")
            && isOnPath("p11tool")
            && isOnPath("p11-kit")
            && isOnPath("openssl"));
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** The module. */
  public static Path module() {
    return MODULES.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no SoftHSM; install softhsm2"));
  }

  /** An HSM without tokens, whose files lie in the directory of its configuration. */
  public static SoftHsm at(Path configuration) throws IOException {
    Path tokens = configuration.resolveSibling("tokens");
    Files.createDirectories(tokens);
    Files.writeString(
        configuration,
        "directories.tokendir = "
            + tokens
            + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
    return new SoftHsm(configuration);
  }

  /** A new token with this label. */
  public Token token(String label) throws IOException, InterruptedException {
    run(
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        label,
        "--pin",
        PIN,
        "--so-pin",
        "12345678");
    return new Token(this, label);
  }

  /** Runs a program with this configuration. */
  public String run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("softhsm", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().put("SOFTHSM2_CONF", configuration.toString());
      Process process = builder.start();
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("still running").isTrue();
      String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as("%s: %s", List.of(command), text).isZero();
      return text;
    } finally {
      Files.delete(output);
    }
  }

  /** A token. */
  public record Token(SoftHsm hsm, String label) {

    /** Makes a key pair, as {@code pkcs11-tool} names the type. */
    public Token generate(String type, String id, String keyLabel, String... more)
        throws IOException, InterruptedException {
      List<String> arguments =
          new ArrayList<>(
              List.of("--keypairgen", "--key-type", type, "--id", id, "--label", keyLabel));
      Collections.addAll(arguments, more);
      return tool(arguments.toArray(new String[0]));
    }

    /** Takes the public key away. */
    public Token deletePublicKey(String id) throws IOException, InterruptedException {
      return tool("--delete-object", "--type", "pubkey", "--id", id);
    }

    /** Does something by {@code pkcs11-tool}. */
    public Token tool(String... arguments) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>();
      Collections.addAll(
          command,
          "pkcs11-tool",
          "--module",
          module().toString(),
          "--token-label",
          label,
          "--login",
          "--pin",
          PIN);
      Collections.addAll(command, arguments);
      hsm.run(command.toArray(new String[0]));
      return this;
    }
  }
}
