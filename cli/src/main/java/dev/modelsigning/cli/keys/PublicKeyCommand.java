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

/** Prints the public key of a key. */
@Command(
    name = "public-key",
    description = "Print the public key of a private key, in PEM, as 'verify key' takes it.",
    footer = {"", "Example:", "  model-signing public-key key.pem > key.pub"})
final class PublicKeyCommand implements Task {

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
    Program.of(spec).output(false).data(found.pem());
    return 0;
  }

  @Override
  public String failure() {
    return "Reading the key failed with error";
  }
}
