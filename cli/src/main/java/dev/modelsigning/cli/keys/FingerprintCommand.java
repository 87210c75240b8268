package dev.modelsigning.cli.keys;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.signingkey.VerifyingKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the fingerprint of a key. */
@Command(
    name = "fingerprint",
    description = "Print the fingerprint of a key, by which signatures and verdicts name it.",
    footer = {
      "",
      "It is the SHA-256 of the public key in PEM (OMS 4.1), in hexadecimal.",
      "",
      "Example:",
      "  model-signing fingerprint key.pub"
    })
final class FingerprintCommand implements Task {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "A public or private key, in PEM, or the URI of a key.")
  private @Nullable KeyName key;

  @Mixin private PasswordArguments passwords = new PasswordArguments();

  @Mixin private KeyArguments keys = new KeyArguments();

  @Override
  public Integer call() throws Exception {
    VerifyingKey found =
        keys.anyPublicKey(
            Objects.requireNonNull(key), keys.context(passwords.source(spec), spec, false));
    Program.of(spec).output(false).data(found.fingerprint() + System.lineSeparator());
    return 0;
  }

  @Override
  public String failure() {
    return "Reading the key failed with error";
  }
}
