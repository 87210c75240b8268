package dev.modelsigning.cli.pkcs11;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the public key of a key on a token. */
@Command(
    name = "public-key",
    description = "Print the public key of a key on a token, in PEM, as 'verify key' takes it.",
    footer = {
      "",
      "No PIN is needed if the token shows one public key that the URI fits. Many tokens"
          + " show public keys to everybody.",
      "",
      "Example:",
      "  model-signing pkcs11 public-key \\",
      "      --pkcs11-uri 'pkcs11:token=release;id=%%01' > key.pub"
    })
final class Pkcs11PublicKeyCommand implements Task {

  @Spec private CommandSpec spec;

  @Mixin private Pkcs11Arguments arguments = new Pkcs11Arguments();

  @Override
  public Integer call() throws Exception {
    Program.of(spec).output(false).data(arguments.publicKey(spec).pem());
    return 0;
  }

  @Override
  public String failure() {
    return "Reading the public key failed with error";
  }
}
